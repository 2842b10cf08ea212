"""Logging in, staying logged in, logging out."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.database import Sessions
from app.api.errors import problems
from app.api.transactions import TransactionalRoute
from app.db.models.sessions import InvalidCredentials, TokenPublic, TokenRequest

router = APIRouter(prefix="/auth", tags=["auth"], route_class=TransactionalRoute)


@router.post(
    "/token",
    summary="Log in, or refresh",
    responses=problems(InvalidCredentials, authenticated=False),
)
async def create_token(form: Annotated[TokenRequest, Form()], sessions: Sessions) -> TokenPublic:
    """Gives an access token for a password, or for a refresh token (which is used up by that)."""
    if form.grant_type == "refresh_token":
        return await sessions.refresh(form.refresh_token)
    return await sessions.log_in(form.username, form.password)


@router.delete("/token", status_code=204, summary="Log out", responses=problems())
async def delete_token(_: Caller, token: Token, sessions: Sessions) -> Response:
    """Ends the session: its access and refresh tokens stop working at once."""
    await sessions.log_out(token)
    return Response(status_code=204)
