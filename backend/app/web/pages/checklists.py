"""Checklists that categories bring, for staff."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.categories import Slug
from app.db.models.checklists import ChecklistItemNotFound, ItemDraft
from app.db.models.fields import Input
from app.services.checklists import ChecklistService
from app.web.forms import Form
from app.web.pages.categories import CATEGORY, TREE, read_category
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.translations import entered, filled, languages_of
from app.web.views.categories import StaffCategory, StaffItem
from app.web.visits import Visit

ITEM = f"{CATEGORY}/checklist/{{item:slug}}"

SAID = {
    "item_set": N_("The checklist is saved."),
    "item_removed": N_("The item is removed. Bookings that have it keep it."),
}

pages = Pages(Access.STAFF)


class NewItem(Input):
    """The permanent name of a new item."""

    slug: Slug


@dataclass(frozen=True)
class ItemPage(Template, file="categories/item.html"):
    """The form of an item.

    Args:
        form: The fields.
        category: Its category.
        item: The item that is edited; None for a new one.
        tongues: The languages of its texts: pairs of a tag and a name.
    """

    form: Form
    category: StaffCategory
    item: StaffItem | None
    tongues: list[tuple[str, str]]


async def read_item(visit: Visit, slug: str, item: str) -> tuple[StaffCategory, StaffItem]:
    """An item that a category brings itself.

    Raises:
        ChecklistItemNotFound: It brings no such item.
    """
    category = await read_category(visit, slug)
    found = category.own_item(item)
    if found is None:
        raise ChecklistItemNotFound
    return category, found


async def set_item(visit: Visit, slug: str, item: str) -> Response:
    """Sets an item to what was entered."""
    draft = visit.read(ItemDraft, texts=entered(visit.sent, "texts"))
    service = ChecklistService(visit.transaction, visit.client)
    await service.put(visit.caller, slug, item, draft)
    return visit.see(f"{TREE}/{slug}", "item_set")


@pages.get(f"{CATEGORY}/new-item")
async def show_new_item(visit: Visit, slug: str) -> Response:
    """The form of a new item."""
    category = await read_category(visit, slug)
    form = visit.form_at(f"{TREE}/{slug}/new-item")
    return visit.page(ItemPage(form, category, None, languages_of({})))


@pages.post(f"{CATEGORY}/new-item", again=show_new_item)
async def add_item(visit: Visit, slug: str) -> Response:
    """Adds an item to the checklist of a category."""
    return await set_item(visit, slug, visit.read(NewItem).slug)


@pages.get(ITEM)
async def show_item(visit: Visit, slug: str, item: str) -> Response:
    """The form that changes an item."""
    category, found = await read_item(visit, slug, item)
    given = {"text": found.text} | filled("texts", found.texts)
    form = visit.form_at(f"{TREE}/{slug}/checklist/{item}", given)
    return visit.page(ItemPage(form, category, found, languages_of(found.texts)))


@pages.post(ITEM, again=show_item)
async def change_item(visit: Visit, slug: str, item: str) -> Response:
    """Changes an item."""
    await read_item(visit, slug, item)
    return await set_item(visit, slug, item)


@pages.post(f"{ITEM}/removal")
async def remove_item(visit: Visit, slug: str, item: str) -> Response:
    """Removes an item that a category brings itself."""
    await ChecklistService(visit.transaction, visit.client).remove(visit.caller, slug, item)
    return visit.see(f"{TREE}/{slug}", "item_removed")
