"""Extras that categories bring, for staff."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.categories import Slug
from app.db.models.extras import ExtraDraft, ExtraNotFound
from app.db.models.fields import Input
from app.services.extras import ExtraService
from app.web.forms import Form
from app.web.pages.categories import CATEGORY, TREE, read_category
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.translations import entered, filled, languages_of
from app.web.views.categories import StaffCategory, StaffExtra
from app.web.visits import Visit

EXTRA = f"{CATEGORY}/extras/{{extra:slug}}"

SAID = {
    "extra_set": N_("The extra is saved."),
    "extra_removed": N_("The extra is removed. Jobs that have picked it keep it."),
}

pages = Pages(Access.STAFF)


class NewExtra(Input):
    """The permanent name of a new extra."""

    slug: Slug


@dataclass(frozen=True)
class ExtraPage(Template, file="categories/extra.html"):
    """The form of an extra.

    Args:
        form: The fields.
        category: Its category.
        extra: The extra that is edited; None for a new one.
        tongues: The languages of its names: pairs of a tag and a name.
    """

    form: Form
    category: StaffCategory
    extra: StaffExtra | None
    tongues: list[tuple[str, str]]


async def read_extra(visit: Visit, slug: str, extra: str) -> tuple[StaffCategory, StaffExtra]:
    """An extra that a category brings itself.

    Raises:
        ExtraNotFound: It brings no such extra.
    """
    category = await read_category(visit, slug)
    found = category.own_extra(extra)
    if found is None:
        raise ExtraNotFound
    return category, found


async def set_extra(visit: Visit, slug: str, extra: str, currency: str | None = None) -> Response:
    """Sets an extra to what was entered; a price is in the currency that it had, if any."""
    is_priced = bool(visit.sent.value("price").strip())
    draft = visit.read(
        ExtraDraft,
        names=entered(visit.sent, "names"),
        currency=currency if is_priced else None,
    )
    service = ExtraService(visit.transaction, visit.client)
    await service.put(visit.caller, slug, extra, draft, visit.site.currency)
    return visit.see(f"{TREE}/{slug}", "extra_set")


@pages.get(f"{CATEGORY}/new-extra")
async def show_new_extra(visit: Visit, slug: str) -> Response:
    """The form of a new extra."""
    category = await read_category(visit, slug)
    form = visit.form_at(f"{TREE}/{slug}/new-extra")
    return visit.page(ExtraPage(form, category, None, languages_of({})))


@pages.post(f"{CATEGORY}/new-extra", again=show_new_extra)
async def add_extra(visit: Visit, slug: str) -> Response:
    """Adds an extra to a category."""
    return await set_extra(visit, slug, visit.read(NewExtra).slug)


@pages.get(EXTRA)
async def show_extra(visit: Visit, slug: str, extra: str) -> Response:
    """The form that changes an extra."""
    category, found = await read_extra(visit, slug, extra)
    given = found.model_dump(include={"name", "price", "minutes"}, exclude_none=True)
    form = visit.form_at(f"{TREE}/{slug}/extras/{extra}", given | filled("names", found.names))
    return visit.page(ExtraPage(form, category, found, languages_of(found.names)))


@pages.post(EXTRA, again=show_extra)
async def change_extra(visit: Visit, slug: str, extra: str) -> Response:
    """Changes an extra."""
    _, found = await read_extra(visit, slug, extra)
    return await set_extra(visit, slug, extra, found.currency)


@pages.post(f"{EXTRA}/removal")
async def remove_extra(visit: Visit, slug: str, extra: str) -> Response:
    """Removes an extra that a category brings itself."""
    await ExtraService(visit.transaction, visit.client).remove(visit.caller, slug, extra)
    return visit.see(f"{TREE}/{slug}", "extra_removed")
