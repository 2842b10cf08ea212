"""Profiles."""

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.database import Profiles, ProfilesShown
from app.core.errors import PreconditionFailed
from app.db.models.fields import PersonName
from app.db.models.profiles import ProfileDetail, ProfileNotFound, ProfileUpdate
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

router = APIRouter(prefix="/profiles", tags=["profiles"], route_class=TransactionalRoute)


@router.get("/me", summary="Own profile", response_model=ProfileDetail, responses=problems())
async def read_own_profile(caller: Token, profiles: ProfilesShown) -> Response:
    """The caller's profile."""
    return item_response(await profiles.own(caller))


@router.patch(
    "/me",
    summary="Edit own profile",
    response_model=ProfileDetail,
    responses=problems(PreconditionFailed),
)
async def edit_profile(
    changes: ProfileUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    profiles: Profiles,
    shown: ProfilesShown,
) -> Response:
    """Changes what the caller shows of themselves; null empties a field."""
    await profiles.edit(caller, changes, expected)
    return item_response(await shown.own(token))


@router.get(
    "/{username}",
    summary="A profile",
    response_model=ProfileDetail,
    responses=problems(ProfileNotFound),
)
async def read_profile(username: PersonName, caller: Token, profiles: ProfilesShown) -> Response:
    """What a user shows of themselves.

    Email and phone number are shown to oneself, and to the other side of a scheduled booking.
    """
    return item_response(await profiles.named(caller, username))
