"""The audit of what was done about access."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.database import AuditShown
from app.api.errors import problems
from app.api.pagination import ListingOf
from app.api.transactions import TransactionalRoute
from app.db.models.audit import AuditFilters, AuditPublic
from app.db.models.pages import PagePublic

router = APIRouter(prefix="/admin/audit", tags=["admin"], route_class=TransactionalRoute)


@router.get(
    "",
    summary="What was done about access",
    response_model=PagePublic[AuditPublic],
    responses=problems(*FOR_STAFF),
)
async def list_audit(
    filters: Annotated[AuditFilters, Query()],
    caller: Staff,
    audit: AuditShown,
    listing: ListingOf,
) -> Response:
    """Logins and failed ones, changes of credentials and roles, acts of staff; newest first."""
    return listing.answer(await audit.page(caller, filters, listing.part(filters)))
