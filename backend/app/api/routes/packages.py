"""Packages: cleaning work at a fixed price."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.cleanings import MarketCurrency, MarketLanguages
from app.api.dependencies.packages import PackageReader, PackageService
from app.db.models.package_shapes import PackageDetail, PackageFilters, PackagePublic
from app.db.models.package_terms import (
    PackageCreate,
    PackageRevisionPublic,
    PackageUpdate,
    StockChange,
)
from app.db.models.pages import PageParameters, PagePublic, SearchPagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute

TAG = Tag("packages", "Packages: cleaning work that cleaners sell at a fixed price")

router = APIRouter(prefix="/packages", tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "",
    status_code=201,
    summary="Draft a package",
    response_model=PackageDetail,
    responses=problems(PackageService.make),
)
async def make_package(
    draft: PackageCreate,
    caller: LockedCaller,
    token: Token,
    packages: PackageService,
    shown: PackageReader,
    currency: MarketCurrency,
    languages: MarketLanguages,
    request: Request,
) -> Response:
    """Makes a draft of a package, which the caller sells once it is published.

    A cleaner may have 200 packages that are not archived.
    """
    package = await packages.make(caller, draft, currency, languages.default)
    return item_response(
        await shown.one(token, package.id), created_at=f"{request.scope['path']}/{package.id}"
    )


@router.get(
    "",
    summary="Browse and search packages",
    response_model=SearchPagePublic[PackagePublic],
    responses=problems(),
)
async def browse_packages(
    filters: Annotated[PackageFilters, Query()],
    caller: Token,
    packages: PackageReader,
    currency: MarketCurrency,
    languages: MarketLanguages,
    listing: ListingOf,
) -> Response:
    """The packages that match all filters, newest first unless there is a `sort` or a `q`.

    All users see published packages; each cleaner also sees their own in other states. A search
    that finds nothing is repeated with the last word as the beginning of a word, as for jobs.
    """
    page = await packages.browse(caller, filters, listing.part(filters), currency, languages)
    return listing.answer_search(page)


@router.get(
    "/{package_id}",
    summary="A package",
    response_model=PackageDetail,
    responses=problems(PackageReader.one),
)
async def read_package(package_id: UUID, caller: Token, packages: PackageReader) -> Response:
    """A package that is published, or that the caller sells."""
    return item_response(await packages.one(caller, package_id))


@router.patch(
    "/{package_id}",
    summary="Edit a package",
    response_model=PackageDetail,
    responses=problems(PackageService.edit),
)
async def edit_package(
    package_id: UUID,
    changes: PackageUpdate,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    packages: PackageService,
    shown: PackageReader,
) -> Response:
    """Changes the terms of a package that is not archived, which then has the next `revision`.

    Orders keep the terms that they were placed with. An order that names an earlier revision is
    refused. The language is not a term: its change alone makes no revision.
    """
    await packages.edit(caller, package_id, changes, expected)
    return item_response(await shown.one(token, package_id))


@router.post(
    "/{package_id}/publication",
    summary="Publish a package",
    response_model=PackageDetail,
    responses=problems(PackageService.publish),
)
async def publish_package(
    package_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    packages: PackageService,
    shown: PackageReader,
) -> Response:
    """Publishes a draft or a paused package: all users find it, and it can be ordered."""
    await packages.publish(caller, package_id, expected)
    return item_response(await shown.one(token, package_id))


@router.post(
    "/{package_id}/pause",
    summary="Pause a package",
    response_model=PackageDetail,
    responses=problems(PackageService.pause),
)
async def pause_package(
    package_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    packages: PackageService,
    shown: PackageReader,
) -> Response:
    """Takes a published package out of the lists, until it is published again."""
    await packages.pause(caller, package_id, expected)
    return item_response(await shown.one(token, package_id))


@router.post(
    "/{package_id}/archival",
    summary="Archive a package",
    response_model=PackageDetail,
    responses=problems(PackageService.archive),
)
async def archive_package(
    package_id: UUID,
    caller: Caller,
    token: Token,
    expected: IfMatch,
    packages: PackageService,
    shown: PackageReader,
) -> Response:
    """Takes a package out of the lists for good. Its seller still sees it."""
    await packages.archive(caller, package_id, expected)
    return item_response(await shown.one(token, package_id))


@router.post(
    "/{package_id}/stock",
    summary="Change the stock of a package",
    response_model=PackageDetail,
    responses=problems(PackageService.restock),
)
async def restock_package(
    package_id: UUID,
    change: StockChange,
    caller: Caller,
    token: Token,
    packages: PackageService,
    shown: PackageReader,
) -> Response:
    """Adds to the stock of a package, or takes out of it with a negative `by`.

    The stock is no part of the terms and of the `ETag`: the `revision` stays.
    """
    await packages.restock(caller, package_id, change)
    return item_response(await shown.one(token, package_id))


@router.get(
    "/{package_id}/revisions",
    summary="Earlier terms of a package",
    response_model=PagePublic[PackageRevisionPublic],
    responses=problems(PackageReader.revisions),
)
async def list_package_revisions(
    package_id: UUID,
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    packages: PackageReader,
    listing: ListingOf,
) -> Response:
    """The earlier revisions of a package, newest first, with the editor and time of each change."""
    page = await packages.revisions(caller, package_id, listing.part(parameters))
    return listing.answer(page)
