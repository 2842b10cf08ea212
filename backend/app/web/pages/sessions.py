"""Logging in, logging out, the confirmation of the password, and the list of sessions."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.pages import PageParameters
from app.db.models.sessions import StepUp
from app.db.repositories.sessions import SessionReader
from app.services.sessions import SessionService
from app.web.cookies import forget, remember
from app.web.logins import (
    GoOnPage,
    confirmation_page,
    entries_kept,
    login_of,
    login_page,
    there_of,
)
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.sessions import SESSIONS, Session
from app.web.visits import Visit

LOGGED_OUT = {"Clear-Site-Data": '"cache", "prerenderCache"'}

OWN = "/account/sessions"

SAID = {
    "logged_in": N_("Welcome back."),
    "logged_out": N_("You are logged out."),
    "session_ended": N_("That device is logged out."),
    "others_ended": N_("You are logged out on all other devices."),
}

pages = Pages(Access.VISITORS)


@dataclass(frozen=True)
class SessionsPage(Template, file="sessions/own.html"):
    """Where the viewer is logged in.

    Args:
        sessions: The sessions.
        more: The address of the next page.
    """

    sessions: list[Session]
    more: str | None


async def show_login(visit: Visit) -> Response:
    """The login."""
    return login_page(visit, there_of(visit), None)


async def show_confirmation(visit: Visit) -> Response:
    """The confirmation of the password."""
    return confirmation_page(visit, there_of(visit), None)


pages.get("/login")(show_login)
pages.get("/confirm", Access.MEMBERS)(show_confirmation)


@pages.post("/login", again=show_login, is_once=False)
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


@pages.get(OWN, Access.MEMBERS)
async def show_sessions(visit: Visit) -> Response:
    """Where the caller is logged in."""
    parameters = visit.filters(PageParameters, visit.asked())
    page = await SessionReader(visit.reads).own(visit.caller, visit.listing.part(parameters))
    return visit.page(SessionsPage(SESSIONS.validate_json(json_list(page)), visit.more(page)))


@pages.post(f"{OWN}/{{session_id:uuid}}/deletion", Access.RECENT)
async def end_session(visit: Visit, session_id: UUID) -> Response:
    """Logs the caller out on another device."""
    await visit.recent_user()
    await session_service(visit).end(visit.caller, session_id)
    return visit.see(OWN, "session_ended")


@pages.post("/account/other-sessions/deletion", Access.RECENT)
async def end_other_sessions(visit: Visit) -> Response:
    """Logs the caller out on all other devices."""
    await visit.recent_user()
    await session_service(visit).end_others(visit.caller)
    return visit.see(OWN, "others_ended")


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
