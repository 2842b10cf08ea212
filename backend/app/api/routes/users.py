"""Accounts."""

from fastapi import APIRouter, Request, Response

from app.api.dependencies.authentication import RecentCaller, Token
from app.api.dependencies.users import UserReader, UserService
from app.db.models.sessions import StepUpNeeded
from app.db.models.users import (
    UserCreate,
    UserPublic,
    UserUpdate,
)
from app.db.repositories.base import Item
from app.http.openapi import Tag
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("users", "Accounts")

router = APIRouter(prefix="/users", tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "",
    status_code=201,
    summary="Register",
    response_model=UserPublic,
    responses=problems(UserService.register, authenticated=False),
)
async def register_user(draft: UserCreate, users: UserService, request: Request) -> Response:
    """Makes an account and its profile.

    If email addresses must be verified, the mailed link must be opened before the first login. If
    another account has the address, only its owner is notified, by mail.
    """
    user, profile = await users.register(draft)
    more = {
        "full_name": profile.full_name,
        "email_verified": False,
        "email_refused": False,
        "pending_email": None,
    }
    shown = UserPublic.model_validate(user, update=more)
    return item_response(
        Item(shown.model_dump_json(), user.version), created_at=f"{request.scope['path']}/me"
    )


@router.get("/me", summary="Own account", response_model=UserPublic, responses=problems())
async def read_user(caller: Token, users: UserReader) -> Response:
    """The caller's account."""
    return item_response(await users.own(caller))


@router.patch(
    "/me",
    summary="Change own account",
    response_model=UserPublic,
    responses=problems(UserService.change),
)
async def change_user(
    changes: UserUpdate, caller: Token, expected: IfMatch, users: UserService, shown: UserReader
) -> Response:
    """Changes the email address, the username, the password or the language.

    All but the language need a recent login or step-up. A new password or email address needs the
    current password beside it, too. A new password ends all other sessions. Where addresses are
    verified, a new one counts when the link that is mailed to it has been opened; the link is void
    once the session that asked for it has ended.
    """
    await users.change(caller, changes, expected)
    return item_response(await shown.own(caller))


@router.delete(
    "/me",
    status_code=204,
    summary="Delete own account",
    responses=problems(UserService.delete, StepUpNeeded),
)
async def delete_user(caller: RecentCaller, users: UserService) -> Response:
    """Deletes the account of the caller. Open jobs are cancelled, pending offers withdrawn.

    That needs a recent login or step-up.
    """
    await users.delete(caller)
    return Response(status_code=204)
