"""Places for the requests of visitors, who must not take all of those of members."""

from contextlib import AbstractContextManager, nullcontext

from starlette.requests import Request

from app.services.session_cookies import KnownCookies
from app.web.cookies import session_cookie


def place_of(request: Request) -> AbstractContextManager[None]:
    """Context manager that takes one of the places that unverified senders share with the API.

    A request whose session is known to this process takes none. A cookie alone proves nothing: it
    may be made up.

    Args:
        request: The request, which is about to use the database.

    Raises:
        Unavailable: All places are taken.
    """
    cookies: KnownCookies = request.app.state.known_cookies
    cookie = session_cookie(request)
    if cookie and cookies.knows(cookie):
        return nullcontext()
    places: AbstractContextManager[None] = request.app.state.strangers
    return places
