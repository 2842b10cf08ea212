"""Checklists that categories bring."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.categories import CategoryReader
from app.api.dependencies.checklists import ChecklistService
from app.db.models.categories import Slug
from app.db.models.category_shapes import CategoryDetail
from app.db.models.checklists import ItemDraft
from app.http.problems import problems
from app.http.responses import item_response
from app.http.transactions import TransactionalRoute

router = APIRouter(
    prefix="/admin/categories/{slug}/checklist/{item}",
    tags=["admin"],
    route_class=TransactionalRoute,
)
CategorySlug = Annotated[Slug, Path(examples=["window-cleaning"])]
ItemCode = Annotated[Slug, Path(examples=["floors"])]


@router.put(
    "",
    summary="Set an item of the checklist of a category",
    response_model=CategoryDetail,
    responses=problems(*FOR_STAFF, ChecklistService.put),
)
async def set_checklist_item(
    slug: CategorySlug,
    item: ItemCode,
    draft: ItemDraft,
    caller: Staff,
    checklists: ChecklistService,
    shown: CategoryReader,
) -> Response:
    """Adds an item to the checklist of a category, or replaces the one with the code.

    All categories beneath inherit it, unless they bring one with the same code. Bookings keep the
    checklist that they were made with. The audit records it.
    """
    await checklists.put(caller, slug, item, draft)
    return item_response(await shown.detail(slug))


@router.delete(
    "",
    status_code=204,
    summary="Remove an item of the checklist of a category",
    responses=problems(*FOR_STAFF, ChecklistService.remove),
)
async def remove_checklist_item(
    slug: CategorySlug, item: ItemCode, caller: Staff, checklists: ChecklistService
) -> Response:
    """Removes an item that the category brings itself. Bookings keep it.

    The audit records it.
    """
    await checklists.remove(caller, slug, item)
    return Response(status_code=204)
