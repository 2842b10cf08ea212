"""Categories: the tree of services, and what staff does with it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.categories import CategoryReader, CategoryService
from app.db.models.categories import Slug
from app.db.models.category_shapes import (
    CategoryCreate,
    CategoryDetail,
    CategoryPublic,
    CategoryTreePublic,
    CategoryUpdate,
)
from app.http.openapi import Tag
from app.http.problems import problems
from app.http.responses import IfMatch, item_response, json_response
from app.http.transactions import TransactionalRoute

TAG = Tag("categories", "The tree of services that jobs and packages belong to")
ADMIN = "admin"

router = APIRouter(route_class=TransactionalRoute)
CategorySlug = Annotated[Slug, Path(examples=["window-cleaning"])]


@router.get(
    "/categories",
    tags=[TAG.name],
    summary="All categories",
    response_model=CategoryTreePublic,
    responses=problems(authenticated=False),
)
async def list_categories(categories: CategoryReader) -> Response:
    """The whole tree: each category before those beneath it. It needs no login.

    Jobs keep a category that is not active any more, and are found by it. New ones can't have it.
    """
    return json_response(await categories.tree())


@router.get(
    "/categories/{slug}",
    tags=[TAG.name],
    summary="A category",
    response_model=CategoryDetail,
    responses=problems(CategoryReader.detail, authenticated=False),
)
async def read_category(slug: CategorySlug, categories: CategoryReader) -> Response:
    """A category with its extras and its checklist. It needs no login.

    Its `ETag` is that of the category alone, without its extras, its checklist and its numbers.

    A category inherits the extras and the items of all categories above it. If several bring one
    with the same slug or code, the nearest counts.
    """
    return item_response(await categories.detail(slug))


@router.post(
    "/admin/categories",
    tags=[ADMIN],
    status_code=201,
    summary="Make a category",
    response_model=CategoryPublic,
    responses=problems(*FOR_STAFF, CategoryService.make),
)
async def make_category(
    draft: CategoryCreate,
    caller: Staff,
    categories: CategoryService,
    shown: CategoryReader,
    request: Request,
) -> Response:
    """Makes a category. Its slug never changes. The audit records it."""
    await categories.make(caller, draft)
    return item_response(
        await shown.one(draft.slug), created_at=f"{request.scope['path']}/{draft.slug}"
    )


@router.patch(
    "/admin/categories/{slug}",
    tags=[ADMIN],
    summary="Change a category",
    response_model=CategoryPublic,
    responses=problems(*FOR_STAFF, CategoryService.change),
)
async def change_category(
    slug: CategorySlug,
    changes: CategoryUpdate,
    caller: Staff,
    expected: IfMatch,
    categories: CategoryService,
    shown: CategoryReader,
) -> Response:
    """Changes the names of a category, each language by itself, and moves it in the tree.

    All beneath it is moved with it. The audit records it.
    """
    await categories.change(caller, slug, changes, expected)
    return item_response(await shown.one(slug))


@router.post(
    "/admin/categories/{slug}/deactivation",
    tags=[ADMIN],
    summary="Deactivate a category",
    response_model=CategoryPublic,
    responses=problems(*FOR_STAFF, CategoryService.deactivate),
)
async def deactivate_category(
    slug: CategorySlug, caller: Staff, categories: CategoryService, shown: CategoryReader
) -> Response:
    """Keeps new jobs and packages out of a category.

    What is in it stays there, and categories beneath it stay active. The audit records it.
    """
    await categories.deactivate(caller, slug)
    return item_response(await shown.one(slug))


@router.delete(
    "/admin/categories/{slug}/deactivation",
    tags=[ADMIN],
    summary="Reactivate a category",
    response_model=CategoryPublic,
    responses=problems(*FOR_STAFF, CategoryService.reactivate),
)
async def reactivate_category(
    slug: CategorySlug, caller: Staff, categories: CategoryService, shown: CategoryReader
) -> Response:
    """Lets new jobs and packages into a category again. The audit records it."""
    await categories.reactivate(caller, slug)
    return item_response(await shown.one(slug))


@router.delete(
    "/admin/categories/{slug}",
    tags=[ADMIN],
    status_code=204,
    summary="Delete a category",
    responses=problems(*FOR_STAFF, CategoryService.delete),
)
async def delete_category(
    slug: CategorySlug, caller: Staff, categories: CategoryService
) -> Response:
    """Deletes a category that was never used, and that has no others beneath it.

    The audit records it.
    """
    await categories.delete(caller, slug)
    return Response(status_code=204)
