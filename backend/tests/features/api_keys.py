"""API keys, as the tests that hold for all features see them."""

from tests.factories.api_keys import make_api_key
from tests.factories.users import Actor, Market
from tests.features import Feature


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Makes a key and uses it."""
    key = await make_api_key(market, actor, name="Canary key")
    await key.program.get("/offers")
    return []


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_api_key                    401       201    201      201    201        201      401      403
list_own_api_keys               401       200    200      200    200        200      401      403
delete_api_key                  401       404    204      404    404        404      401      403
""",
    writable="""
make_api_key           name scopes expires_in_days
""",
    stories={
        "delete_api_key": "owner make_api_key",
    },
    bodies={
        "make_api_key": lambda _: {"name": "Calendar", "scopes": ["read:feed"]},
    },
    learned={"make_api_key": ("key_id", "id")},
    load="""
INSERT INTO api_keys (id, hash, prefix, name, scopes)
SELECT id, id::text::bytea, 'cmk_', 'Calendar', ARRAY['read:feed']
FROM sessions WHERE device = 'program';
""",
    traces=leave_traces,
)
