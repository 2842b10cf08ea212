"""The market itself: its imprint and its terms, and the language of its pages."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.errors import NotFound
from app.core.versions import ExpectedVersion
from app.db.models.fields import Input
from app.db.models.searched import Language
from app.db.models.users import UserUpdate
from app.web.cookies import keep_language
from app.web.logins import there_of
from app.web.pages.users import user_service
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.visits import Visit

pages = Pages(Access.VISITORS)


class LanguageChoice(Input):
    """The language of all pages from now on."""

    language: Language


@dataclass(frozen=True)
class TextPage(Template, file="market/text.html"):
    """A text of the operator.

    Args:
        title: Its heading.
        paragraphs: Its paragraphs.
    """

    title: str
    paragraphs: list[str]


@pages.get("/imprint")
async def show_imprint(visit: Visit) -> Response:
    """The imprint."""
    return text_page(visit, N_("Imprint"), visit.site.imprint)


@pages.get("/terms")
async def show_terms(visit: Visit) -> Response:
    """The terms of use."""
    return text_page(visit, N_("Terms of use"), visit.site.terms)


def text_page(visit: Visit, title: str, paragraphs: list[str]) -> Response:
    """The page of a text.

    Raises:
        NotFound: The market has no such text.
    """
    if not paragraphs:
        raise NotFound
    return visit.page(TextPage(visit.translate(title), paragraphs), public=True)


@pages.post("/language", is_once=False)
async def choose_language(visit: Visit) -> Response:
    """Sets the language of the browser, and of the account of a user who is logged in."""
    language = visit.read(LanguageChoice).language
    if visit.optional_caller:
        changes = UserUpdate(language=language)
        await user_service(visit).change(visit.optional_caller, changes, ExpectedVersion())
    response = visit.see(there_of(visit))
    keep_language(response, language)
    return response
