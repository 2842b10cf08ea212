"""API keys: making and deleting them."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.api_keys import ApiKeyCreate, ApiKeyCreated
from app.db.models.kinds import Scope
from app.db.models.pages import PageParameters
from app.db.repositories.api_keys import ApiKeyReader
from app.services.api_keys import ApiKeyService
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.api_keys import KEYS, Key
from app.web.visits import Visit

OWN, NEW = "/account/keys", "/account/keys/new"
LIFETIMES = (7, 30, 90, 180, 366)
"""The lifetimes that the form suggests, in days."""

SAID = {"api_key_deleted": N_("The key is deleted.")}

pages = Pages()


@dataclass(frozen=True)
class KeysPage(Template, file="api_keys/own.html"):
    """The keys of the viewer.

    Args:
        keys: The keys.
        more: The address of the next page.
    """

    keys: list[Key]
    more: str | None


@dataclass(frozen=True)
class KeyFormPage(Template, file="api_keys/new.html"):
    """The form of a new key.

    Args:
        form: The fields.
        scopes: The scopes to choose from.
        lifetimes: The lifetimes to choose from, in days.
    """

    form: Form
    scopes: list[str]
    lifetimes: tuple[int, ...]


@dataclass(frozen=True)
class KeyMadePage(Template, file="api_keys/made.html"):
    """A new key, which is shown once.

    Args:
        key: The key.
    """

    key: ApiKeyCreated


@pages.get(OWN)
async def show_keys(visit: Visit) -> Response:
    """The keys of the caller."""
    parameters = visit.filters(PageParameters, visit.asked())
    page = await ApiKeyReader(visit.reads).own(visit.caller, visit.listing.part(parameters))
    return visit.page(KeysPage(KEYS.validate_json(json_list(page)), visit.more(page)))


@pages.get(NEW, Access.RECENT)
async def show_new_key(visit: Visit) -> Response:
    """The form of a new key."""
    return visit.page(KeyFormPage(visit.form_at(NEW), sorted(Scope.all()), LIFETIMES))


@pages.post(NEW, Access.RECENT, again=show_new_key)
async def make_key(visit: Visit) -> Response:
    """Makes a key, and shows it."""
    draft = visit.read(ApiKeyCreate)
    user = await visit.recent_user()
    made = await key_service(visit).make(user, visit.caller, draft)
    return visit.page_once(KeyMadePage(made), OWN)


@pages.post(f"{OWN}/{{key_id:uuid}}/deletion")
async def delete_key(visit: Visit, key_id: UUID) -> Response:
    """Deletes a key."""
    await key_service(visit).delete(await visit.user(), key_id)
    return visit.see(OWN, "api_key_deleted")


def key_service(visit: Visit) -> ApiKeyService:
    """The use cases of keys."""
    return ApiKeyService(visit.transaction, visit.client, visit.safeguards)
