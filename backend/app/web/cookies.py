"""The cookies of the pages.

The prefix `__Host-` binds a cookie to this host and to encrypted connections (RFC 6265bis).
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

SESSION = "__Host-session"
SAID = "__Host-said"
LANGUAGE = "__Host-language"
SAID_FOR = 60  # seconds
LANGUAGE_FOR = timedelta(days=365)


def session_cookie(request: Request) -> str | None:
    """The value of the session cookie."""
    return request.cookies.get(SESSION)


def remember(response: Response, value: str, lifetime: timedelta) -> None:
    """Has the browser send a session cookie from now on.

    Args:
        response: The response.
        value: The value of the cookie.
        lifetime: How long the session may last.
    """
    _set(response, SESSION, value, int(lifetime.total_seconds()))


def forget(response: Response) -> None:
    """Has the browser forget its session."""
    _set(response, SESSION, "", 0)


def remembers(response: Response) -> bool:
    """Whether a response sets the cookie of a session, or has the browser forget it."""
    return any(it.startswith(f"{SESSION}=") for it in response.headers.getlist("set-cookie"))


def say(response: Response, code: str) -> None:
    """Has the next page say something about the change that leads to it."""
    _set(response, SAID, code, SAID_FOR)


def forget_said(response: Response) -> None:
    """Has the page after this one not say it again."""
    _set(response, SAID, "", 0)


def keep_language(response: Response, language: str | None) -> None:
    """Has the browser ask for pages in a language for a year.

    Args:
        response: The response.
        language: The language; None to go by the settings of the browser.
    """
    lifetime = LANGUAGE_FOR if language else timedelta()
    _set(response, LANGUAGE, language or "", int(lifetime.total_seconds()))


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, seconds, path="/", secure=True, httponly=True, samesite="lax")
