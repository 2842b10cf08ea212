"""Removals of lost second factors."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.dependencies.administration import AdministrationReader
from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.removals import RemovalService
from app.db.models.administration import AccountDetail, Grounds
from app.http.problems import problems
from app.http.responses import plain_response
from app.http.transactions import TransactionalRoute

router = APIRouter(
    prefix="/admin/users/{user_id}/second-factor-removal",
    tags=["admin"],
    route_class=TransactionalRoute,
)


@router.post(
    "",
    summary="Remove a second factor after 72 hours",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, RemovalService.request),
)
async def request_second_factor_removal(
    user_id: UUID,
    grounds: Grounds,
    caller: Staff,
    removals: RemovalService,
    accounts: AdministrationReader,
) -> Response:
    """Schedules the removal of a lost second factor.

    It is removed after 72 hours, with all logins of the account, unless its owner opens the link in
    the mail about it or staff cancels the removal. A pending removal is not changed.
    """
    await removals.request(caller, user_id, grounds)
    return plain_response(await accounts.one(caller, user_id))


@router.delete(
    "",
    summary="Cancel the removal of a second factor",
    response_model=AccountDetail,
    responses=problems(*FOR_STAFF, RemovalService.cancel),
)
async def cancel_second_factor_removal(
    user_id: UUID,
    caller: Staff,
    removals: RemovalService,
    accounts: AdministrationReader,
    grounds: Grounds | None = None,
) -> Response:
    """Cancels a pending removal. The owner is notified by mail."""
    await removals.cancel(caller, user_id, grounds)
    return plain_response(await accounts.one(caller, user_id))
