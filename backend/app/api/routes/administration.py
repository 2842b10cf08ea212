"""Looking after accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.dependencies.administration import AdministrationReader, AdministrationService
from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.db.models.administration import (
    AccountAddress,
    AccountDetail,
    AccountFilters,
    AccountPublic,
    Grounds,
    RoleGiven,
)
from app.db.models.pages import PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import plain_response
from app.http.transactions import RecordedRoute

TAG = Tag("admin", "Looking after the market, for staff and superusers")

router = APIRouter(prefix="/admin/users", tags=[TAG.name], route_class=RecordedRoute)


@router.get(
    "",
    summary="Find accounts",
    response_model=PagePublic[AccountPublic],
    responses=problems(*FOR_STAFF),
)
async def list_accounts(
    filters: Annotated[AccountFilters, Query()],
    caller: Staff,
    administration: AdministrationService,
    listing: ListingOf,
) -> Response:
    """The accounts that match all filters, newest first. The audit has who asked."""
    return listing.answer(await administration.search(caller, filters, listing.part(filters)))


@router.post(
    "/lookup",
    summary="Find an account by its email address",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.look_up),
)
async def look_up_account(
    wanted: AccountAddress, caller: Staff, administration: AdministrationService
) -> Response:
    """The account with an email address, which has no place in a URL. The audit has who asked."""
    return plain_response(await administration.look_up(caller, wanted.email))


@router.get(
    "/{user_id}",
    summary="An account",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.read),
)
async def read_account(
    user_id: UUID, caller: Staff, administration: AdministrationService
) -> Response:
    """All that staff may know of an account. The audit has who asked."""
    return plain_response(await administration.read(caller, user_id))


@router.post(
    "/{user_id}/block",
    summary="Block",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.block),
)
async def block_account(
    user_id: UUID,
    grounds: Grounds,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
) -> Response:
    """Has nobody act with an account any more: its jobs are hidden, its offers not accepted."""
    await administration.block(caller, user_id, grounds)
    return plain_response(await accounts.one(caller, user_id))


@router.delete(
    "/{user_id}/block",
    summary="Unblock",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.unblock),
)
async def unblock_account(
    user_id: UUID,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
    grounds: Grounds | None = None,
) -> Response:
    """Takes back that an account was blocked. Its sessions go on, unless they were ended."""
    await administration.unblock(caller, user_id, grounds)
    return plain_response(await accounts.one(caller, user_id))


@router.post(
    "/{user_id}/deactivation",
    summary="Deactivate",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.deactivate),
)
async def deactivate_account(
    user_id: UUID,
    grounds: Grounds,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
) -> Response:
    """Has an account rest: nobody can act with it, but its jobs can still be seen."""
    await administration.deactivate(caller, user_id, grounds)
    return plain_response(await accounts.one(caller, user_id))


@router.delete(
    "/{user_id}/deactivation",
    summary="Reactivate",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.reactivate),
)
async def reactivate_account(
    user_id: UUID,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
    grounds: Grounds | None = None,
) -> Response:
    """Takes back that an account rests."""
    await administration.reactivate(caller, user_id, grounds)
    return plain_response(await accounts.one(caller, user_id))


@router.delete(
    "/{user_id}/sessions",
    status_code=204,
    summary="End sessions",
    responses=problems(*FOR_STAFF, AdministrationService.end_sessions),
)
async def end_account_sessions(
    user_id: UUID,
    caller: Staff,
    administration: AdministrationService,
    grounds: Grounds | None = None,
) -> Response:
    """Logs somebody out everywhere, and deletes their API keys: all stop working at once."""
    await administration.end_sessions(caller, user_id, grounds)
    return Response(status_code=204)


@router.put(
    "/{user_id}/role",
    summary="Give a role",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.give_role),
)
async def give_role(
    user_id: UUID,
    given: RoleGiven,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
) -> Response:
    """Says what somebody may do from now on; for superusers, about everybody but themselves."""
    await administration.give_role(caller, user_id, given.role)
    return plain_response(await accounts.one(caller, user_id))
