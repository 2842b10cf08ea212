"""Blocks: blocking a person, and the list of those who are blocked."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.pages import PageParameters
from app.db.repositories.blocks import BlockReader
from app.services.blocks import BlockService
from app.web.pages.profiles import person_name, read_person
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.blocks import BLOCKS, LIST, Block
from app.web.views.profiles import Profile
from app.web.visits import Visit

PERSON = "/people/{username}/block"

SAID = {
    "person_blocked": N_("The person is blocked."),
    "person_unblocked": N_("The person is not blocked any more."),
}

pages = Pages()


@dataclass(frozen=True)
class BlocksPage(Template, file="blocks/list.html"):
    """The people whom the caller has blocked.

    Args:
        blocks: The people.
        more: The address of the next page.
    """

    blocks: list[Block]
    more: str | None


@dataclass(frozen=True)
class BlockingPage(Template, file="blocks/block.html"):
    """The question whether to block a person, or to unblock them.

    Args:
        person: The person.
        is_blocked: Whether the caller has blocked them.
    """

    person: Profile
    is_blocked: bool


@pages.get(LIST)
async def show_blocks(visit: Visit) -> Response:
    """The people whom the caller has blocked."""
    parameters = visit.filters(PageParameters, visit.asked())
    page = await BlockReader(visit.reads).own(visit.caller, visit.listing.part(parameters))
    return visit.page(BlocksPage(BLOCKS.validate_json(json_list(page)), visit.more(page)))


@pages.get(PERSON)
async def show_blocking(visit: Visit, username: str) -> Response:
    """The question whether to block a person, or to unblock them."""
    person = await read_person(visit, username)
    is_blocked = visit.viewer is not None and person.id in visit.viewer.blocked_ids
    return visit.page(BlockingPage(person, is_blocked))


@pages.post(PERSON, again=show_blocking)
async def block_person(visit: Visit, username: str) -> Response:
    """Blocks a person."""
    await BlockService(visit.transaction).block(visit.caller, person_name(username))
    return visit.see(LIST, "person_blocked")


@pages.post(f"{LIST}/{{username}}/deletion")
async def unblock_person(visit: Visit, username: str) -> Response:
    """Unblocks a person."""
    user = await visit.user()
    await BlockService(visit.transaction).unblock(user, person_name(username))
    return visit.see(LIST, "person_unblocked")
