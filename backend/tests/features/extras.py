"""Extras, as the tests that hold for all features see them."""

from tests.factories.categories import category_slug
from tests.factories.extras import bring_extra
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.features.categories import MADE


async def leave_traces(market: Market, _: Actor, __: Actor) -> list[str]:
    """A category brings an extra."""
    await bring_extra(market, await category_slug(market))
    return []


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
set_extra                       401       403    403      403    200        200      401      403
remove_extra                    401       403    403      403    204        204      401      403
""",
    writable="""
set_extra  name names price currency minutes position
""",
    stories={"set_extra": MADE, "remove_extra": f"{MADE}, staff set_extra"},
    conditional=("set_extra",),  # a currency needs a price, which is whole in some currencies
    bodies={"set_extra": lambda _: {"name": "Inside the oven", "price": "15.00", "minutes": 30}},
    damages={
        "extras_copied": Damage("", "UPDATE cleanings SET extras = extras || extras"),
    },
    traces=leave_traces,
)
