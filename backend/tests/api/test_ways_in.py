"""What changes how one logs in: only a recent login does so, whatever the operation is."""

import pytest

from tests.api.access import scene_for
from tests.factories.sessions import age
from tests.factories.users import Actor, Market
from tests.operations import OPERATIONS, Operation
from tests.undone import undone

WAYS_IN = """
    SELECT concat_ws(' ', email, username, password_hash, deleted_at) FROM users WHERE id = $1
    UNION ALL SELECT factor::text FROM second_factors factor WHERE user_id = $1
    UNION ALL SELECT code::text FROM recovery_codes code WHERE user_id = $1
    UNION ALL SELECT id::text FROM sessions WHERE user_id = $1 AND id <> $2
    ORDER BY 1
"""
"""All that somebody can log in with, and where they are logged in beside the session `$2`."""

CHANGES = {
    "change_user",
    "delete_user",
    "make_api_key",
    "delete_api_key",
    "prepare_second_factor",
    "confirm_second_factor",
    "renew_recovery_codes",
    "remove_second_factor",
}
"""What changes them for the owner of the scene."""

AUTHENTICATE = {"create_token", "step_up", "reset_password", "verify_email"}
"""What takes the password, the second factor, or a mailed link itself."""

HARMLESS = {"delete_api_key"}
"""What only takes a way in away, which its owner must be able to do at once."""


async def ways_in(market: Market, actor: Actor) -> list[str]:
    """All that somebody can log in with."""
    session_id = market.safeguards.access_tokens.read(actor.token).session_id
    rows = await market.app.state.database.fetch(WAYS_IN, [actor.id, session_id])
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if str(each) not in AUTHENTICATE], ids=str
)
async def test_stay_as_they_are_unless_the_login_is_recent(
    market: Market, operation: Operation
) -> None:
    name = str(operation)
    scene = await scene_for(market, name)
    owner = scene.job.owner
    before = await ways_in(market, owner)
    async with undone(market.app):
        await scene.call(owner, name, **scene.content(name))
        changed = before != await ways_in(market, owner)
    assert changed == (name in CHANGES)
    await age(market, owner)
    await scene.call(owner, name, **scene.content(name))
    assert (before != await ways_in(market, owner)) == (name in HARMLESS)
