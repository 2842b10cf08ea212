"""The versions of questions and answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.db.models.pages import PageParameters
from app.db.repositories.pages import Page
from app.db.repositories.question_versions import VersionReader
from app.web.pages.questions import ASKED, Asked
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.questions import VERSIONS, Version
from app.web.visits import Visit

pages = Pages()


@dataclass(frozen=True)
class VersionsPage(Template, file="questions/versions.html"):
    """The versions of a question, an answer or a message.

    Args:
        thing: The path of the job, the package or the thread.
        versions: The versions, newest first.
        more: The address of the next page.
    """

    thing: str
    versions: list[Version]
    more: str | None


def add_pages(asked: Asked) -> None:
    """Adds the pages of versions of questions about one kind of thing, and of their answers."""

    def shown(visit: Visit, page: Page, ids: Mapping[str, UUID]) -> Response:
        versions = VERSIONS.validate_json(json_list(page))
        return visit.page(VersionsPage(asked.thing(ids), versions, visit.more(page)))

    @pages.get(f"{asked.question}/versions")
    async def of_question(visit: Visit, **ids: UUID) -> Response:
        """The versions of a question."""
        part = visit.listing.part(PageParameters())
        reader = VersionReader(visit.reads, asked.service.topic)
        return shown(visit, await reader.of_question(visit.caller, asked.key(ids), part), ids)

    @pages.get(f"{asked.answer}/versions")
    async def of_answer(visit: Visit, **ids: UUID) -> Response:
        """The versions of an answer."""
        part = visit.listing.part(PageParameters())
        reader = VersionReader(visit.reads, asked.service.topic)
        return shown(visit, await reader.of_answer(visit.caller, asked.key(ids), part), ids)


for each in ASKED:
    add_pages(each)
