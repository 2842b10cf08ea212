"""Earlier wordings of jobs on pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel, TypeAdapter

from app.web.views.cleanings import JobDetail
from app.web.views.people import Named
from app.web.views.terms import Terms


class Revision(BaseModel):
    """An earlier wording of a job."""

    revision: int
    terms: Terms
    edited_by: Named
    edited_at: datetime


class Difference(NamedTuple):
    """A field that a change has changed.

    Args:
        field: Its name.
        before: The terms before the change.
        after: The terms after it; None if they are on another page of the list.
    """

    field: str
    before: Terms
    after: Terms | JobDetail | None


class Change(NamedTuple):
    """A change of a job.

    Args:
        revision: The wording that it has replaced.
        differences: What it has changed.
    """

    revision: Revision
    differences: list[Difference]


FIELDS = tuple(name for name in Terms.model_fields if name != "currency")
"""The fields of terms, in their order on the page. A price has a currency."""


def changes_of(revisions: Sequence[Revision], present: JobDetail | None) -> list[Change]:
    """The changes by which the terms of a job came to be the present ones.

    Args:
        revisions: Earlier wordings, newest first.
        present: The wording that follows the newest of them; None if it is not known.
    """
    followers: list[Terms | JobDetail | None] = [
        present,
        *(revision.terms for revision in revisions),
    ]
    return [
        Change(revision, differences(revision.terms, follower))
        for revision, follower in zip(revisions, followers, strict=False)
    ]


def differences(before: Terms, after: Terms | JobDetail | None) -> list[Difference]:
    """The fields that a change has changed; all of them if the later terms are not known."""
    return [
        Difference(name, before, after)
        for name in FIELDS
        if after is None or _content(before, name) != _content(after, name)
    ]


def _content(terms: Terms | JobDetail, name: str) -> Any:
    return (terms.price, terms.currency) if name == "price" else getattr(terms, name)


REVISIONS = TypeAdapter(list[Revision])
