"""Checklists, as the tests that hold for all features see them."""

from tests.factories.categories import category_slug
from tests.factories.checklists import bring_item
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.features.categories import MADE
from tests.stories import BOOKED, STARTED

TICKED = f"{BOOKED}, {STARTED}, cleaner tick_checklist_item"


async def leave_traces(market: Market, _: Actor, __: Actor) -> list[str]:
    """A category brings an item of a checklist."""
    await bring_item(market, await category_slug(market))
    return []


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
set_checklist_item              401       403    403      403    200        200      401      403
remove_checklist_item           401       403    403      403    204        204      401      403
""",
    writable="""
set_checklist_item   text texts position
""",
    stories={
        "set_checklist_item": MADE,
        "remove_checklist_item": f"{MADE}, staff set_checklist_item",
    },
    bodies={"set_checklist_item": lambda _: {"text": "Vacuum and mop all floors"}},
    damages={
        "checklists_copied": Damage(
            BOOKED, "UPDATE bookings SET checklist = checklist || checklist"
        ),
        "events_of_checklists": Damage(
            TICKED,
            "UPDATE bookings SET checklist = jsonb_set(checklist, ARRAY['0', 'done_at'], 'null')",
        ),
        "checklists_actors": Damage(
            TICKED, "UPDATE events SET actor_id = '$owner_id' WHERE kind = 'ticked'"
        ),
    },
    traces=leave_traces,
)
