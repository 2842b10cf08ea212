"""Methods that HTTP calls safe: whoever is lured into following a link changes nothing by it."""

import pytest

from tests.api.access import CALLERS, entitled, scene_for
from tests.factories.users import Market
from tests.operations import OPERATIONS
from tests.rows import DIGEST

READING = [str(operation) for operation in OPERATIONS if operation.method == "GET"]


@pytest.mark.parametrize("operation", READING)
async def test_reading_changes_nothing(market: Market, operation: str) -> None:
    scene = await scene_for(market, operation)
    actor = await CALLERS[entitled(operation)](scene)
    database = market.app.state.database
    before = await database.fetch(DIGEST, ())
    assert (await scene.call(actor, operation)).status_code == 200
    assert await database.fetch(DIGEST, ()) == before
