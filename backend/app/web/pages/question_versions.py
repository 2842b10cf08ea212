"""The versions of questions and answers: for all who see them, and for staff."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.db.models.pages import PageParameters
from app.db.repositories.pages import Page
from app.db.repositories.question_versions import VersionReader
from app.web.logins import there_of
from app.web.pages.questions import ASKED, Asked
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.questions import VERSIONS, Version
from app.web.visits import Visit

pages = Pages()


@dataclass(frozen=True)
class VersionsPage(Template, file="questions/versions.html"):
    """The versions of a question, an answer or a message.

    Args:
        there: The page to go back to.
        versions: The versions, newest first.
        more: The address of the next page.
    """

    there: str
    versions: list[Version]
    more: str | None


def add_pages(asked: Asked) -> None:
    """Adds the pages of versions of questions about one kind of thing, and of their answers."""

    @pages.get(f"{asked.question}/versions")
    async def of_question(visit: Visit, **ids: UUID) -> Response:
        """The versions of a question."""
        part = visit.listing.part(PageParameters())
        reader = VersionReader(visit.reads, asked.service.topic)
        page = await reader.of_question(visit.caller, asked.key(ids), part)
        return versions_page(visit, page, asked.thing(ids))

    @pages.get(f"{asked.answer}/versions")
    async def of_answer(visit: Visit, **ids: UUID) -> Response:
        """The versions of an answer."""
        part = visit.listing.part(PageParameters())
        reader = VersionReader(visit.reads, asked.service.topic)
        page = await reader.of_answer(visit.caller, asked.key(ids), part)
        return versions_page(visit, page, asked.thing(ids))


def add_staff_pages(asked: Asked) -> None:
    """Adds the pages on which staff reads all versions, also of deleted and hidden posts."""

    async def review(visit: Visit, **ids: UUID) -> Response:
        """All versions of a question or an answer."""
        part = visit.listing.part(PageParameters())
        page = await asked.service_of(visit).read_versions(visit.caller, asked.key(ids), part)
        return versions_page(visit, page, there_of(visit))

    for path in (asked.question, asked.answer):
        pages.get(f"/staff{path}/versions", Access.STAFF, is_recorded=True)(review)


def versions_page(visit: Visit, page: Page, there: str) -> Response:
    """The page with versions.

    Args:
        visit: The visit.
        page: The versions.
        there: The page to go back to.
    """
    versions = VERSIONS.validate_json(json_list(page))
    return visit.page(VersionsPage(there, versions, visit.more(page)))


for each in ASKED:
    add_pages(each)
    add_staff_pages(each)
