"""Logging in, logging out, and the confirmation of the password."""

from starlette.responses import Response

from app.db.models.sessions import StepUp
from app.services.sessions import SessionService
from app.web.cookies import forget, remember
from app.web.languages import N_
from app.web.logins import (
    GoOnPage,
    confirmation_page,
    entries_kept,
    login_of,
    login_page,
    there_of,
)
from app.web.routing import Access, Pages
from app.web.visits import Visit

LOGGED_OUT = {"Clear-Site-Data": '"cache", "prerenderCache"'}

SAID = {"logged_in": N_("Welcome back."), "logged_out": N_("You are logged out.")}

pages = Pages(Access.VISITORS)


async def show_login(visit: Visit) -> Response:
    """The login."""
    return login_page(visit, there_of(visit), None)


async def show_confirmation(visit: Visit) -> Response:
    """The confirmation of the password."""
    return confirmation_page(visit, there_of(visit), None)


pages.get("/login")(show_login)
pages.get("/confirm", Access.MEMBERS)(show_confirmation)


@pages.post("/login", again=show_login)
async def log_in(visit: Visit) -> Response:
    """Starts a session."""
    entered = login_of(visit)
    value = await session_service(visit).log_in_by_page(
        entered.username, entered.password, entered.otp
    )
    return go_on(visit, value, "logged_in")


@pages.post("/confirm", Access.MEMBERS, again=show_confirmation, is_kept=False)
async def confirm(visit: Visit) -> Response:
    """Steps up: the session is replaced by one that may change credentials."""
    proof = visit.read(StepUp)
    service = session_service(visit)
    found = await service.own_credentials(visit.caller)
    value = await service.step_up_by_page(visit.caller, found, proof)
    return go_on(visit, value, None)


@pages.post("/logout", Access.MEMBERS)
async def log_out(visit: Visit) -> Response:
    """Ends the session."""
    await session_service(visit).log_out(visit.caller)
    response = visit.see("/", "logged_out")
    forget(response)
    response.headers.update(LOGGED_OUT)
    return response


def session_service(visit: Visit) -> SessionService:
    """The use cases of sessions."""
    return SessionService(visit.transaction, visit.client, visit.safeguards, visit.outside)


def go_on(visit: Visit, cookie: str, said: str | None) -> Response:
    """Sets the cookie of a new session, and leads to a page or sends a form again."""
    kept = entries_kept(visit.sent)
    there = there_of(visit)
    response = visit.page(GoOnPage(there, kept)) if kept else visit.see(there, said)
    remember(response, cookie, visit.site.session_lifetime)
    return response
