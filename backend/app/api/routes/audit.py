"""The audit of access."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies.administration import AdministrationService
from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.db.models.audit import AuditFilters, AuditPublic
from app.db.models.pages import PagePublic
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import RecordedRoute

router = APIRouter(prefix="/admin/audit", tags=["admin"], route_class=RecordedRoute)


@router.get(
    "",
    summary="Audit of access",
    response_model=PagePublic[AuditPublic],
    responses=problems(*FOR_STAFF),
)
async def list_audit(
    filters: Annotated[AuditFilters, Query()],
    caller: Staff,
    administration: AdministrationService,
    listing: ListingOf,
) -> Response:
    """Logins, failed logins, changes of credentials and roles, and acts of staff; newest first.

    The audit also records the reading of accounts, and of the audit of one account, by staff.
    """
    return listing.answer(await administration.read_audit(caller, filters, listing.part(filters)))
