"""Extras that categories bring."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.categories import CategoryReader
from app.api.dependencies.cleanings import MarketCurrency
from app.api.dependencies.extras import ExtraService
from app.db.models.categories import Slug
from app.db.models.category_shapes import CategoryDetail
from app.db.models.extras import ExtraDraft
from app.http.problems import problems
from app.http.responses import item_response
from app.http.transactions import TransactionalRoute

router = APIRouter(
    prefix="/admin/categories/{slug}/extras/{extra}",
    tags=["admin"],
    route_class=TransactionalRoute,
)
CategorySlug = Annotated[Slug, Path(examples=["window-cleaning"])]
ExtraSlug = Annotated[Slug, Path(examples=["oven"])]


@router.put(
    "",
    summary="Set an extra of a category",
    response_model=CategoryDetail,
    responses=problems(*FOR_STAFF, ExtraService.put),
)
async def set_extra(
    slug: CategorySlug,
    extra: ExtraSlug,
    draft: ExtraDraft,
    caller: Staff,
    extras: ExtraService,
    currency: MarketCurrency,
    shown: CategoryReader,
) -> Response:
    """Adds an extra to a category, or replaces the one with the slug.

    All categories beneath inherit it, unless they bring one with the same slug. Jobs that have
    picked it keep it as it was. The audit records it.
    """
    await extras.put(caller, slug, extra, draft, currency)
    return item_response(await shown.detail(slug))


@router.delete(
    "",
    status_code=204,
    summary="Remove an extra of a category",
    responses=problems(*FOR_STAFF, ExtraService.remove),
)
async def remove_extra(
    slug: CategorySlug, extra: ExtraSlug, caller: Staff, extras: ExtraService
) -> Response:
    """Removes an extra that the category brings itself. Jobs that have picked it keep it.

    The audit records it.
    """
    await extras.remove(caller, slug, extra)
    return Response(status_code=204)
