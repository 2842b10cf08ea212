"""The contents of the pages of photos."""

from dataclasses import dataclass

from app.web.forms import Form
from app.web.rendering import Template
from app.web.views.uploads import Upload


@dataclass(frozen=True)
class PhotosPage(Template, file="photos/edit.html"):
    """The photos of a job or a package, for its owner.

    Args:
        form: The form that adds photos.
        name: The name of the job or the package.
        there: Its page.
        uploads: The uploads that are attached to it.
        refused: The refused uploads of the viewer.
        free: How many photos can be added.
        types: The types of files.
    """

    form: Form
    name: str
    there: str
    uploads: list[Upload]
    refused: list[Upload]
    free: int
    types: str


@dataclass(frozen=True)
class PicturePage(Template, file="photos/picture.html"):
    """The picture of the viewer's profile.

    Args:
        form: The form that sets it.
        uploads: The upload that is attached to the profile, if there is one.
        refused: The refused uploads of the viewer.
        types: The types of files.
    """

    form: Form
    uploads: list[Upload]
    refused: list[Upload]
    types: str
