"""Categories, as the tests that hold for all features see them."""

from tests.factories.categories import add_up, make_category
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.stories import numbers

MADE = "staff make_category"


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Posts jobs in a category, of which the worker has counted one."""
    category = await make_category(market)
    for adding_up in (True, False):
        await make_cleaning(market, actor, name="Canary job", category=category["slug"])
        if adding_up:
            await add_up(market)
    return []


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_categories                 200       200    200      200    200        200      200      200
read_category                   200       200    200      200    200        200      200      200
make_category                   401       403    403      403    201        201      401      403
change_category                 401       403    403      403    200        200      401      403
deactivate_category             401       403    403      403    200        200      401      403
reactivate_category             401       403    403      403    200        200      401      403
delete_category                 401       403    403      403    204        204      401      403
""",
    writable="""
make_category    slug parent name names position
change_category  name names parent position
""",
    stories=dict.fromkeys(
        (
            "read_category",
            "change_category",
            "deactivate_category",
            "reactivate_category",
            "delete_category",
        ),
        MADE,
    ),
    bodies={
        "make_category": lambda _: {"slug": f"made-{next(numbers)}", "name": "Windows"},
        "change_category": lambda _: {"name": f"Windows {next(numbers)}"},
    },
    learned={"make_category": ("slug", "slug")},
    changes={"change_category": ("staff", MADE)},
    load="""
INSERT INTO categories (id, parent_id, parent_tier, tier, slug, name, names, position, active,
    version, created_at, updated_at)
SELECT pg_temp.id_of(n), CASE WHEN n > 1 THEN pg_temp.id_of(1) END, CASE WHEN n > 1 THEN 1 END,
    CASE WHEN n > 1 THEN 2 ELSE 1 END, 'service-' || n, 'Service', '{}', greatest(n - 1, 1), true,
    1, now(), now()
FROM generate_series(1, 5) n;
""",
    lists=("/categories",),
    damages={
        "categories_jobs": Damage(
            "",
            "INSERT INTO category_deltas SELECT gen_random_uuid(), 'windows', '$owner_id', 1, 0",
        ),
        "categories_packages": Damage(
            "",
            "INSERT INTO category_deltas SELECT gen_random_uuid(), 'windows', '$owner_id', 0, 1",
        ),
        "categories_tiers": Damage(MADE, "UPDATE categories SET tier = 2"),
        "categories_positions": Damage(MADE, "UPDATE categories SET position = 2"),
    },
    traces=leave_traces,
)
