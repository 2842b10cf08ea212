"""Orders, as the tests that hold for all features see them."""

from typing import TYPE_CHECKING, Any

from app.db.models.states.orders import OrderStatus
from tests.factories.orders import LATER, make_order
from tests.factories.packages import make_package
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature, Stateful

if TYPE_CHECKING:
    from tests.factories.scenes import Scene

SOLD = "staff make_category, cleaner make_package, cleaner publish_package"
PLACED = f"{SOLD}, owner place_order"
ACCEPTED = f"{PLACED}, cleaner accept_order"
CUSTOMER_GONE = f"{PLACED}, owner delete_user"
LAPSED = f"{PLACED}, clock answer"


def draft(scene: "Scene") -> dict[str, Any]:
    """An order of the package of the scene."""
    item = {"package_id": scene.known["package_id"], "revision": 1, "quantity": 2}
    return {"items": [item], "starts_at": LATER}


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Orders a package of the other, and sells one to the other; both end with a reason."""
    place: dict[str, Any] = {
        "area": "Canary quarter of orders",
        "address": "Canary street of orders",
        "note": "Canary note of orders",
        "early_start": True,
        "starts_at": "2107-03-04T05:06:07Z",
    }
    theirs = await make_package(
        market, other, name="Oven, sold to a canary", price="2345.61", duration=83
    )
    own = await make_package(market, actor, name="Canary item", price="3456.72", duration=84)
    bought = await make_order(market, theirs, customer=actor, **place)
    await actor.post(f"{bought.path}/cancellation", {"reason": "Canary reason of a customer"})
    await other.post(f"{theirs.path}/archival")
    sold = await make_order(market, own, customer=other)
    await actor.post(f"{sold.path}/declination", {"reason": "Canary reason of a cleaner"})
    return ["/orders", bought.path, sold.path]


FEATURE = Feature(
    access="""
                  anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
place_order             401       201    201      409    201        201      401      403
list_orders             401       200    200      200    200        200      401      403
read_order              401       404    200      200    404        404      401      403
accept_order            401       404    403      201    404        404      401      403
decline_order           401       404    403      200    404        404      401      403
cancel_order            401       404    200      403    404        404      401      403
""",
    scopes={
        "read:orders": {"list_orders", "read_order"},
        "write:orders": {"accept_order", "cancel_order", "decline_order", "place_order"},
    },
    writable="""
place_order            items starts_at area address note early_start
decline_order          reason
cancel_order           reason
""",
    stories={
        "place_order": SOLD,
        **dict.fromkeys(("read_order", "accept_order", "decline_order", "cancel_order"), PLACED),
    },
    bodies={"place_order": draft},
    learned={"place_order": ("order_id", "id")},
    states={
        "order": Stateful(
            path=lambda scene: f"/orders/{scene.known['order_id']}",
            statuses=OrderStatus,
            stories={
                "placed": PLACED,
                "accepted": ACCEPTED,
                "declined": f"{PLACED}, cleaner decline_order",
                "cancelled": f"{PLACED}, owner cancel_order",
                "expired": f"{LAPSED}, clock tick",
                "expired-unnoted": LAPSED,
            },
        )
    },
    answers="""
accept_order     owner             cleaner           rival  stranger  anonymous
placed           not_seller        >accepted         404    404       401
accepted         not_seller        order_not_placed  404    404       401
declined         not_seller        order_not_placed  404    404       401
cancelled        not_seller        order_not_placed  404    404       401
expired          not_seller        order_not_placed  404    404       401
expired-unnoted  not_seller        order_not_placed  404    404       401

decline_order    owner             cleaner           rival  stranger  anonymous
placed           not_seller        >declined         404    404       401
accepted         not_seller        order_not_placed  404    404       401
declined         not_seller        order_not_placed  404    404       401
cancelled        not_seller        order_not_placed  404    404       401
expired          not_seller        order_not_placed  404    404       401
expired-unnoted  not_seller        order_not_placed  404    404       401

cancel_order     owner             cleaner           rival  stranger  anonymous
placed           >cancelled        not_customer      404    404       401
accepted         order_not_placed  not_customer      404    404       401
declined         order_not_placed  not_customer      404    404       401
cancelled        order_not_placed  not_customer      404    404       401
expired          order_not_placed  not_customer      404    404       401
expired-unnoted  order_not_placed  not_customer      404    404       401
""",
    conditional=("place_order",),  # the start must lie in the future
    changes={
        "accept_order": ("cleaner", PLACED),
        "decline_order": ("cleaner", PLACED),
        "cancel_order": ("owner", PLACED),
    },
    load="""
INSERT INTO orders (id, customer_id, cleaner_id, status, total, currency, starts_at, expires_at,
    closed_at, created_at, updated_at, version)
SELECT id, owner_id, cleaner_id,
    (ARRAY['placed', 'accepted', 'declined', 'cancelled'])[n / 4 % 4 + 1], 50, 'EUR',
    now() + interval '9 days', now() + interval '2 days', CASE WHEN n / 4 % 4 > 0 THEN now() END,
    now(), now(), 1
FROM jobs WHERE n % 4 = 0;

INSERT INTO order_items (order_id, package_id, place, revision, quantity, name, price)
SELECT id, id, 1, 1, 1, 'Oven scrub', 50 FROM orders;

UPDATE packages SET offered = offered + 1;
""",
    lists=(
        "/orders",
        "/orders?role=cleaner",
        "/orders?role=customer&status=placed",
        "/orders?role=customer&status=declined",
    ),
    damages={
        "orders_stock": Damage(PLACED, "UPDATE packages SET stock = stock + 1"),
        "orders_total": Damage(
            PLACED, "UPDATE order_items SET quantity = 1", frozenset({"orders_stock"})
        ),
        "orders_packages": Damage(PLACED, "UPDATE order_items SET revision = 2"),
        "orders_booked": Damage(
            ACCEPTED, "UPDATE orders SET total = 1; UPDATE order_items SET price = 0.5"
        ),
        "orders_never_open": Damage(
            ACCEPTED,
            "UPDATE cleanings SET status = 'open' WHERE ordered",
            frozenset({"categories_jobs", "cleanings_booked", "history_of_cleanings"}),
        ),
        "orders_expired": Damage(f"{LAPSED}, clock tick", "UPDATE orders SET closed_at = now()"),
        "events_of_orders": Damage(
            PLACED, "UPDATE events SET actor_id = '$stranger_id' WHERE subject = 'order'"
        ),
    },
    leftovers=(
        (CUSTOMER_GONE, "UPDATE orders SET address = '3 Mill Lane'"),
        (CUSTOMER_GONE, "UPDATE orders SET reason = 'A honeymoon'"),
    ),
    distributed=("orders", "order_items"),
    traces=leave_traces,
)
