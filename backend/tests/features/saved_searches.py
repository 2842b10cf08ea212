"""Saved searches, as the tests that hold for all features see them."""

from tests.factories.saved_searches import save_search
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature

SAVED = "owner save_search"


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Saves a search with all filters."""
    await save_search(
        market,
        actor,
        name="Canary search",
        q="canary ovens",
        language="en",
        area="Canary Wharf",
        category="windows",
        cleaning_type="full_clean",
        currency="CHF",
        min_price="4321.07",
        max_price="4321.11",
        starts_after="2091-05-17T09:00:00Z",
        starts_before="2092-05-17T09:00:00Z",
    )
    return ["/saved-searches"]


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
save_search                     401       201    201      201    201        201      401      403
list_saved_searches             401       200    200      200    200        200      401      403
read_saved_search               401       404    200      404    404        404      401      403
edit_saved_search               401       404    200      404    404        404      401      403
delete_saved_search             401       404    204      404    404        404      401      403
""",
    scopes={
        "read:saved-searches": {"list_saved_searches", "read_saved_search"},
        "write:saved-searches": {"save_search", "edit_saved_search", "delete_saved_search"},
    },
    writable="""
save_search        name q language area category cleaning_type currency min_price max_price \
starts_after starts_before
edit_saved_search  name q language area category cleaning_type currency min_price max_price \
starts_after starts_before
""",
    stories=dict.fromkeys(("read_saved_search", "edit_saved_search", "delete_saved_search"), SAVED),
    bodies={
        "save_search": lambda _: {"q": "windows"},
        "edit_saved_search": lambda _: {"q": "oven hoods"},
    },
    learned={"save_search": ("search_id", "id")},
    conditional=("save_search", "edit_saved_search"),  # without words, an area or a category
    changes={"edit_saved_search": ("owner", SAVED)},
    load="""
INSERT INTO saved_searches (id, user_id, area, area_key, category, max_price, queries,
    version, created_at, updated_at)
SELECT gen_random_uuid(), id, 'Area ' || n, 'area ' || n, 'service-' || n % 4 + 2, n, '{}',
    1, now(), now()
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM users);

INSERT INTO saved_search_keys (key, search_id)
SELECT area_key || '/' || category, id FROM saved_searches;
""",
    lists=("/saved-searches",),
    damages={
        "saved_searches_counted": Damage(
            SAVED,
            """
        INSERT INTO saved_searches
        SELECT (jsonb_populate_record(it, jsonb_build_object('id', gen_random_uuid()))).*
        FROM saved_searches it, generate_series(1, 20);
        INSERT INTO saved_search_keys
        SELECT key, saved_searches.id FROM saved_search_keys, saved_searches
        ON CONFLICT DO NOTHING
        """,
        ),
        "saved_searches_keys": Damage(
            SAVED, "UPDATE saved_searches SET area = 'Old Town', area_key = 'old town'"
        ),
    },
    leftovers=(
        (
            f"{SAVED}, stranger delete_user",
            """
        INSERT INTO saved_searches
        SELECT (jsonb_populate_record(
            it, jsonb_build_object('id', gen_random_uuid(), 'user_id', '$stranger_id')
        )).*
        FROM saved_searches it
        """,
        ),
    ),
    traces=leave_traces,
)
