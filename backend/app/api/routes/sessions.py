"""Sessions: login, refresh, step-up, logout, and the list of sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response

from app.api.dependencies.authentication import Caller, OwnCredentials, RecentCaller, Token
from app.api.dependencies.sessions import SessionReader, SessionService
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.sessions import (
    SessionPublic,
    StepUp,
    StepUpNeeded,
    TokenPublic,
    TokenRequest,
)
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import model_response
from app.http.transactions import SecretRoute

FORGOTTEN = {"Clear-Site-Data": '"cache", "storage"'}
"""Clears the data of the service's own pages in the browser."""

TAG = Tag("auth", "Logging in, also with a second factor, and logging out")

router = APIRouter(tags=[TAG.name], route_class=SecretRoute)


@router.post(
    "/auth/token",
    summary="Log in, or refresh",
    response_model=TokenPublic,
    responses=problems(SessionService.log_in, SessionService.refresh, authenticated=False),
)
async def create_token(form: Annotated[TokenRequest, Form()], sessions: SessionService) -> Response:
    """Returns an access token for a password, or for a refresh token, which is used up.

    The reuse of a refresh token ends its session, unless the same program repeats a refresh within
    ten seconds because it missed the response. Of the tokens that it gets in that way, only the
    first that is used is valid; the use of another one ends the session. The owner is notified of
    that by mail, and of logins from new places or devices. Accounts with a second factor need a
    code of it beside the password.
    """
    if form.grant_type == "refresh_token":
        return model_response(await sessions.refresh(form.refresh_token))
    return model_response(await sessions.log_in(form.username, form.password, form.otp))


@router.post(
    "/auth/step-up",
    summary="Step up",
    response_model=TokenPublic,
    responses=problems(SessionService.step_up),
)
async def step_up(
    proof: StepUp, found: OwnCredentials, token: Token, sessions: SessionService
) -> Response:
    """Returns tokens of a new session, which may change credentials for some minutes.

    It replaces the present session, whose tokens become invalid. A pending change of the email
    address or of the second factor can still be confirmed.
    """
    return model_response(await sessions.step_up(token, found, proof))


@router.delete("/auth/token", status_code=204, summary="Log out", responses=problems())
async def delete_token(_: Caller, token: Token, sessions: SessionService) -> Response:
    """Ends the session: its access and refresh tokens become invalid."""
    await sessions.log_out(token)
    return Response(status_code=204, headers=FORGOTTEN)


@router.get(
    "/users/me/sessions",
    summary="Own sessions",
    response_model=PagePublic[SessionPublic],
    responses=problems(),
)
async def list_own_sessions(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    sessions: SessionReader,
    listing: ListingOf,
) -> Response:
    """Where the caller is logged in, newest first."""
    return listing.answer(await sessions.own(caller, listing.part(parameters)))


@router.delete(
    "/users/me/sessions",
    status_code=204,
    summary="End all other sessions",
    responses=problems(StepUpNeeded),
)
async def delete_other_sessions(
    _: RecentCaller, token: Token, sessions: SessionService
) -> Response:
    """Logs the caller out everywhere else."""
    await sessions.end_others(token)
    return Response(status_code=204)


@router.delete(
    "/users/me/sessions/{session_id}",
    status_code=204,
    summary="End a session",
    responses=problems(SessionService.end, StepUpNeeded),
)
async def delete_session(
    session_id: UUID, _: RecentCaller, token: Token, sessions: SessionService
) -> Response:
    """Logs the caller out somewhere: its tokens stop working at once."""
    await sessions.end(token, session_id)
    return Response(status_code=204)
