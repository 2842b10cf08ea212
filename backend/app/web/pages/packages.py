"""Packages: browsing, selling, editing, publishing and stocking them."""

from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.package_shapes import PackageFilters
from app.db.models.package_terms import PackageCreate, PackageUpdate, StockChange
from app.db.models.packages import NotSeller
from app.db.models.pages import PageParameters
from app.db.models.states.packages import PackageStatus
from app.db.repositories import question_views
from app.db.repositories.packages import PackageReader
from app.db.repositories.pages import PageRequest, SearchPage
from app.services.packages import PackageService
from app.web.forms import Form
from app.web.job_forms import length_options
from app.web.package_pages import (
    ArchivalPage,
    OwnPackagesPage,
    PackageFormPage,
    PackageHistoryPage,
    PackagePage,
    PackagesPage,
    StockPage,
)
from app.web.questions import questions_about
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.packages import (
    PACKAGES,
    REVISIONS,
    PackageDetail,
)
from app.web.visits import Visit

PACKAGE = "/packages/{package_id:uuid}"

SAID = {
    "package_drafted": N_("Your draft is saved. Publish it when it is ready."),
    "package_published": N_("Your package is online. Customers can order it now."),
    "package_edited": N_("Your package is changed."),
    "package_paused": N_("Your package is paused. Only you see it now."),
    "package_archived": N_("Your package is in the archive."),
    "package_stocked": N_("The stock is changed."),
}

pages = Pages()


@pages.get("/packages", Access.VISITORS)
async def show_packages(visit: Visit) -> Response:
    """The list of published packages."""
    form = visit.asked()
    filters = visit.filters(PackageFilters, form)
    found = await browse(visit, filters, visit.listing.part(filters))
    tree = await visit.site.categories.tree(visit.reads)
    page = PackagesPage(
        form=form,
        items=PACKAGES.validate_json(json_list(found.page)),
        more=visit.more(found.page),
        hint=found.hint,
        categories=tree.options(visit.language, filters.category or ""),
    )
    return visit.page(page, public=True)


async def browse(visit: Visit, filters: PackageFilters, request: PageRequest) -> SearchPage:
    """The packages that match all filters."""
    site = visit.site
    return await PackageReader(visit.reads).browse(
        visit.optional_caller, filters, request, site.currency, site.languages
    )


@pages.get("/packages/mine")
async def show_own_packages(visit: Visit) -> Response:
    """The packages of the caller, newest first."""
    filters = visit.filters(PackageFilters, visit.asked())
    status = filters.status if "status" in filters.model_fields_set else "any"
    wanted = filters.model_copy(update={"cleaner": "me", "status": status})
    found = await browse(visit, wanted, visit.listing.part(filters))
    packages = PACKAGES.validate_json(json_list(found.page))
    shown = "" if status == "any" else str(status)
    return visit.page(OwnPackagesPage(packages, visit.more(found.page), shown))


@pages.get("/packages/new")
async def show_new_package(visit: Visit) -> Response:
    """The form of a new package."""
    form = visit.form_at("/packages/new", {"language": visit.language_of_texts})
    return await package_form(visit, form, None)


@pages.post("/packages/new", again=show_new_package)
async def make_package(visit: Visit) -> Response:
    """Makes a draft of a package, or publishes it at once."""
    draft = visit.read(PackageCreate)
    user = await visit.locked_user()
    service, site = PackageService(visit.transaction), visit.site
    package = await service.make(user, draft, site.currency, visit.language_of_texts)
    if not visit.sent.value("publish"):
        return visit.see(f"/packages/{package.id}", "package_drafted")
    await service.publish(user, package.id, ExpectedVersion())
    return visit.see(f"/packages/{package.id}", "package_published")


async def package_form(visit: Visit, form: Form, package: PackageDetail | None) -> Response:
    """The form of a package."""
    tree = await visit.site.categories.tree(visit.reads)
    options = tree.options(visit.language, form.value("category"))
    return visit.page(PackageFormPage(form, package, options, length_options(visit, form)))


@pages.get(PACKAGE, Access.VISITORS)
async def show_package(visit: Visit, package_id: UUID) -> Response:
    """A package."""
    package = await read_package(visit, package_id)
    tree = await visit.site.categories.tree(visit.reads)
    trail = [it.named(visit.language) for it in tree.trail(package.category)]
    own = is_own(visit, package)
    asked = await questions_about(
        visit,
        question_views.PACKAGES,
        package_id,
        f"/packages/{package_id}",
        is_own=own,
        is_open=package.status == PackageStatus.PUBLISHED,
    )
    return visit.page(PackagePage(package, own, trail, asked), public=True)


async def read_package(visit: Visit, package_id: UUID) -> PackageDetail:
    """A package, as the caller or a visitor sees it."""
    item = await PackageReader(visit.reads).one(visit.optional_caller, package_id)
    package = PackageDetail.model_validate_json(item.json)
    package.version = item.version
    return package


def is_own(visit: Visit, package: PackageDetail) -> bool:
    """Whether the caller sells a package."""
    return visit.viewer is not None and visit.viewer.id == package.seller_id


async def read_own_package(visit: Visit, package_id: UUID) -> PackageDetail:
    """A package of the caller.

    Raises:
        NotSeller: It is another user's.
    """
    package = await read_package(visit, package_id)
    if not is_own(visit, package):
        raise NotSeller
    return package


@pages.get(f"{PACKAGE}/edit")
async def show_package_form(visit: Visit, package_id: UUID) -> Response:
    """The form that edits a package."""
    package = await read_own_package(visit, package_id)
    form = visit.form_at(f"/packages/{package_id}/edit", package.editable(), package.version)
    return await package_form(visit, form, package)


@pages.post(f"{PACKAGE}/edit", again=show_package_form)
async def edit_package(visit: Visit, package_id: UUID) -> Response:
    """Edits a package."""
    changes = visit.read(PackageUpdate, needed=("name", "price", "category"))
    user = await visit.user()
    await PackageService(visit.transaction).edit(user, package_id, changes, visit.seen)
    return visit.see(f"/packages/{package_id}", "package_edited")


@pages.post(f"{PACKAGE}/publication", again=show_package)
async def publish_package(visit: Visit, package_id: UUID) -> Response:
    """Publishes a package."""
    user = await visit.user()
    await PackageService(visit.transaction).publish(user, package_id, ExpectedVersion())
    return visit.see(f"/packages/{package_id}", "package_published")


@pages.post(f"{PACKAGE}/pause", again=show_package)
async def pause_package(visit: Visit, package_id: UUID) -> Response:
    """Pauses a package."""
    user = await visit.user()
    await PackageService(visit.transaction).pause(user, package_id, ExpectedVersion())
    return visit.see(f"/packages/{package_id}", "package_paused")


@pages.get(f"{PACKAGE}/archival")
async def show_archival(visit: Visit, package_id: UUID) -> Response:
    """The question whether to archive a package."""
    return visit.page(ArchivalPage(await read_own_package(visit, package_id)))


@pages.post(f"{PACKAGE}/archival", again=show_package)
async def archive_package(visit: Visit, package_id: UUID) -> Response:
    """Archives a package."""
    user = await visit.user()
    await PackageService(visit.transaction).archive(user, package_id, ExpectedVersion())
    return visit.see(f"/packages/{package_id}", "package_archived")


@pages.get(f"{PACKAGE}/stock")
async def show_stock(visit: Visit, package_id: UUID) -> Response:
    """The form that changes the stock of a package."""
    package = await read_own_package(visit, package_id)
    return visit.page(StockPage(visit.form_at(f"/packages/{package_id}/stock"), package))


@pages.post(f"{PACKAGE}/stock", again=show_stock)
async def change_stock(visit: Visit, package_id: UUID) -> Response:
    """Changes the stock of a package."""
    change = visit.read(StockChange)
    user = await visit.user()
    await PackageService(visit.transaction).restock(user, package_id, change)
    return visit.see(f"/packages/{package_id}", "package_stocked")


@pages.get(f"{PACKAGE}/history")
async def show_package_history(visit: Visit, package_id: UUID) -> Response:
    """The earlier terms of a package, newest first."""
    package = await read_package(visit, package_id)
    part = visit.listing.part(PageParameters())
    page = await PackageReader(visit.reads).revisions(visit.caller, package_id, part)
    tree = await visit.site.categories.tree(visit.reads)
    categories = {it.slug: it.named(visit.language) for it in tree.items}
    revisions = REVISIONS.validate_json(json_list(page))
    return visit.page(PackageHistoryPage(package, revisions, categories, visit.more(page)))
