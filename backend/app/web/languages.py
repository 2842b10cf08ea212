"""The language of a page."""

from starlette.requests import Request

from app.core.catalogues import accepted, spoken
from app.web.cookies import LANGUAGE


def chosen(request: Request, preferred: str | None, default: str) -> str:
    """The language of a page.

    Args:
        request: The request, with its cookie and `Accept-Language`.
        preferred: The language of the account, if it has chosen one.
        default: The language of the market.
    """
    browser = accepted(request.headers.get("accept-language", ""))
    return spoken(preferred, request.cookies.get(LANGUAGE), *browser, default)
