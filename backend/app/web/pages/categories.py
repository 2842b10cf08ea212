"""Categories: all see them, and staff makes, renames, moves, deactivates and deletes them."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.category_shapes import CategoryCreate, CategoryUpdate
from app.db.repositories.categories import CategoryReader
from app.services.categories import CategoryService
from app.web.categories import CategoryView, TreeView
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.translations import changed, entered, filled, languages_of
from app.web.views.categories import StaffCategory
from app.web.visits import Visit

TREE = "/staff/categories"
CATEGORY = f"{TREE}/{{slug:slug}}"
NEW = "/staff/new-category"

SAID = {
    "category_made": N_("The category is there."),
    "category_changed": N_("The category is changed."),
    "category_deactivated": N_("New jobs can't have the category any more."),
    "category_reactivated": N_("New jobs can have the category again."),
    "category_deleted": N_("The category is deleted."),
}

pages = Pages(Access.STAFF)


@dataclass(frozen=True)
class ServicesPage(Template, file="categories/list.html"):
    """The categories, with the numbers of open jobs and published packages in each.

    Args:
        groups: Each category of the first tier, with those beneath it.
    """

    groups: list[list[CategoryView]]


@dataclass(frozen=True)
class CategoriesPage(Template, file="categories/tree.html"):
    """The tree.

    Args:
        categories: All categories, each before those beneath it.
    """

    categories: list[CategoryView]


@dataclass(frozen=True)
class CategoryPage(Template, file="categories/show.html"):
    """A category, with what it brings.

    Args:
        category: The category.
        trail: The categories above it, from the top.
    """

    category: StaffCategory
    trail: list[CategoryView]


@dataclass(frozen=True)
class CategoryFormPage(Template, file="categories/edit.html"):
    """The form of a category.

    Args:
        form: The fields.
        category: The category that is edited; None for a new one.
        parents: The categories that it can be beneath.
        tongues: The languages of its names: pairs of a tag and a name.
    """

    form: Form
    category: StaffCategory | None
    parents: list[tuple[str, str]]
    tongues: list[tuple[str, str]]


@dataclass(frozen=True)
class DeletionPage(Template, file="categories/delete.html"):
    """The question whether to delete a category.

    Args:
        form: The form, which has no fields.
        category: The category.
    """

    form: Form
    category: StaffCategory


def categories(visit: Visit) -> CategoryService:
    """The use cases of categories."""
    return CategoryService(visit.transaction, visit.client)


async def read_tree(visit: Visit) -> TreeView:
    """The tree as it is at present: staff sees its own changes at once."""
    return TreeView.model_validate_json(await CategoryReader(visit.reads).tree())


async def read_category(visit: Visit, slug: str) -> StaffCategory:
    """A category.

    Raises:
        CategoryNotFound: There is none with the slug.
    """
    return StaffCategory.model_validate_json((await CategoryReader(visit.reads).detail(slug)).json)


@pages.get("/categories", Access.VISITORS)
async def show_services(visit: Visit) -> Response:
    """The categories that are offered."""
    tree = await visit.site.categories.tree(visit.reads)
    groups: list[list[CategoryView]] = []
    for category in tree.items:
        if category.tier == 1:
            groups.append([])
        if category.active:
            groups[-1].append(category)
    return visit.page(ServicesPage([group for group in groups if group]), public=True)


@pages.get(TREE)
async def show_categories(visit: Visit) -> Response:
    """The tree."""
    return visit.page(CategoriesPage((await read_tree(visit)).items))


@pages.get(NEW)
async def show_new_category(visit: Visit) -> Response:
    """The form of a new category."""
    form = visit.form_at(NEW, {"parent": visit.request.query_params.get("parent", "")})
    return await category_form(visit, form, None)


@pages.post(NEW, again=show_new_category)
async def make_category(visit: Visit) -> Response:
    """Makes a category."""
    draft = visit.read(CategoryCreate, names=entered(visit.sent, "names"))
    await categories(visit).make(visit.caller, draft)
    return visit.see(f"{TREE}/{draft.slug}", "category_made")


async def category_form(visit: Visit, form: Form, category: StaffCategory | None) -> Response:
    """The form of a category."""
    tree = await read_tree(visit)
    parents = [
        (it.slug, "\u2007\u2007" * (it.tier - 1) + it.named(visit.language))
        for it in tree.items
        if category is None or it.slug != category.slug
    ]
    tongues = languages_of(category.names if category else {})
    return visit.page(CategoryFormPage(form, category, parents, tongues))


@pages.get(CATEGORY)
async def show_category(visit: Visit, slug: str) -> Response:
    """A category with its extras and its checklist."""
    category = await read_category(visit, slug)
    trail = (await read_tree(visit)).trail(category.parent)
    return visit.page(CategoryPage(category, trail))


@pages.get(f"{CATEGORY}/edit")
async def show_category_form(visit: Visit, slug: str) -> Response:
    """The form that edits a category."""
    item = await CategoryReader(visit.reads).detail(slug)
    category = StaffCategory.model_validate_json(item.json)
    present = {"name": category.name, "parent": category.parent or ""}
    content = present | filled("names", category.names)
    form = visit.form_at(f"{TREE}/{slug}/edit", content, item.version)
    return await category_form(visit, form, category)


@pages.post(f"{CATEGORY}/edit", again=show_category_form)
async def change_category(visit: Visit, slug: str) -> Response:
    """Renames and moves a category."""
    changes = visit.read(CategoryUpdate, names=changed(visit.sent, "names"))
    await categories(visit).change(visit.caller, slug, changes, visit.seen)
    return visit.see(f"{TREE}/{slug}", "category_changed")


@pages.post(f"{CATEGORY}/deactivation")
async def deactivate_category(visit: Visit, slug: str) -> Response:
    """Keeps new jobs out of a category."""
    await categories(visit).deactivate(visit.caller, slug)
    return visit.see(f"{TREE}/{slug}", "category_deactivated")


@pages.post(f"{CATEGORY}/reactivation")
async def reactivate_category(visit: Visit, slug: str) -> Response:
    """Lets new jobs into a category again."""
    await categories(visit).reactivate(visit.caller, slug)
    return visit.see(f"{TREE}/{slug}", "category_reactivated")


@pages.get(f"{CATEGORY}/deletion")
async def show_deletion(visit: Visit, slug: str) -> Response:
    """The question whether to delete a category."""
    category = await read_category(visit, slug)
    return visit.page(DeletionPage(visit.form_at(f"{TREE}/{slug}/deletion"), category))


@pages.post(f"{CATEGORY}/deletion", again=show_deletion)
async def delete_category(visit: Visit, slug: str) -> Response:
    """Deletes a category that was never used."""
    await categories(visit).delete(visit.caller, slug)
    return visit.see(TREE, "category_deleted")
