"""Profiles."""

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.profiles import ProfileReader, ProfileService
from app.db.models.fields import PersonName
from app.db.models.profiles import ProfileDetail, ProfileUpdate
from app.http.openapi import Tag
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("profiles", "What users show of themselves")

router = APIRouter(prefix="/profiles", tags=[TAG.name], route_class=TransactionalRoute)


@router.get("/me", summary="Own profile", response_model=ProfileDetail, responses=problems())
async def read_own_profile(caller: Token, profiles: ProfileReader) -> Response:
    """The caller's profile."""
    return item_response(await profiles.own(caller))


@router.patch(
    "/me",
    summary="Edit own profile",
    response_model=ProfileDetail,
    responses=problems(ProfileService.edit),
)
async def edit_profile(
    changes: ProfileUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    profiles: ProfileService,
    shown: ProfileReader,
) -> Response:
    """Changes the profile of the caller; null empties a field."""
    await profiles.edit(caller, changes, expected)
    return item_response(await shown.own(token))


@router.get(
    "/{username}",
    summary="A profile",
    response_model=ProfileDetail,
    responses=problems(ProfileReader.named),
)
async def read_profile(username: PersonName, caller: Token, profiles: ProfileReader) -> Response:
    """The profile of a user.

    Email and phone number are shown to oneself, and to the other side of a scheduled booking.
    """
    return item_response(await profiles.named(caller, username))
