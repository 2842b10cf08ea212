"""Administration of accounts."""

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
    RestrictionGrounds,
    RoleGiven,
)
from app.db.models.pages import PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import plain_response
from app.http.transactions import RecordedRoute

TAG = Tag("admin", "Administration by staff and superusers")

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
    """The accounts that match all filters, newest first. The audit records the request."""
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
    """The account with an email address, kept out of the URL. The audit records the request."""
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
    """An account as staff sees it. The audit records the request."""
    return plain_response(await administration.read(caller, user_id))


@router.post(
    "/{user_id}/block",
    summary="Block",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, AdministrationService.block),
)
async def block_account(
    user_id: UUID,
    grounds: RestrictionGrounds,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
) -> Response:
    """Blocks an account: it can't be used, its jobs are hidden, its offers can't be accepted.

    The reasons are mailed to its owner.
    """
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
    """Unblocks an account. Its sessions continue unless they were ended."""
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
    grounds: RestrictionGrounds,
    caller: Staff,
    administration: AdministrationService,
    accounts: AdministrationReader,
) -> Response:
    """Deactivates an account: it can't be used, but its jobs stay visible.

    The reasons are mailed to its owner.
    """
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
    """Reactivates an account."""
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
    """Ends all sessions of an account and deletes its API keys and webhooks, at once."""
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
    """Sets the role of an account. Superusers can set all roles but their own."""
    await administration.give_role(caller, user_id, given.role)
    return plain_response(await accounts.one(caller, user_id))
