"""Removals of lost second factors by staff."""

from uuid import UUID

from app.core.catalogues import N_
from app.db.models.administration import Grounds
from app.services.removals import RemovalService
from app.web.acts import Act
from app.web.pages.administration import add_act
from app.web.routing import Access, Pages
from app.web.visits import Visit

SAID = {
    "removal_requested": N_(
        "The second factor is removed after 72 hours, unless its owner objects."
    ),
    "removal_cancelled": N_("The second factor is kept."),
}

pages = Pages(Access.STAFF)


async def request_removal(visit: Visit, user_id: UUID, grounds: Grounds) -> None:
    """Schedules the removal of a second factor."""
    removals = RemovalService(visit.transaction, visit.client)
    await removals.request(visit.caller, user_id, grounds)


async def cancel_removal(visit: Visit, user_id: UUID, grounds: Grounds | None) -> None:
    """Cancels the removal of a second factor."""
    removals = RemovalService(visit.transaction, visit.client)
    await removals.cancel(visit.caller, user_id, grounds)


ACTS = (
    Act(
        "second-factor-removal",
        N_("Remove the second factor of this account?"),
        N_(
            "It is removed after 72 hours, and all logins end. Until then its owner can stop the "
            "removal by the link in a mail."
        ),
        N_("Remove"),
        "removal_requested",
        request_removal,
    ),
    Act(
        "kept-second-factor",
        N_("Keep the second factor of this account?"),
        N_("The removal is cancelled. Its owner gets a mail about it."),
        N_("Keep it"),
        "removal_cancelled",
        cancel_removal,
        needs_grounds=False,
    ),
)
for each in ACTS:
    add_act(pages, each)
