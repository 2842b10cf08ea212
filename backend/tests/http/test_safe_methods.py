"""Methods that HTTP calls safe: whoever is lured into following a link changes nothing by it."""

import pytest

from tests.api.access import CALLERS, entitled, scene_for
from tests.factories.users import Market
from tests.operations import OPERATIONS
from tests.rows import DIGEST, digest

EVERYTHING = digest()
"""All that the database has, the audit and the counts of tries included."""
AUDITED = {
    *("list_accounts", "read_account", "review_question", "review_answer"),
    *("review_package_question", "review_package_answer", "review_messages"),
    "read_report_for_staff",
}
"""What staff reads of people: that they did is written down, whatever they want of the answer."""
READING = [str(operation) for operation in OPERATIONS if operation.method == "GET"]


@pytest.mark.parametrize("operation", READING)
async def test_reading_changes_nothing(market: Market, operation: str) -> None:
    scene = await scene_for(market, operation)
    actor = await CALLERS[entitled(operation)](scene)
    database = market.app.state.database
    before = await database.fetch(DIGEST, ())
    assert (await scene.call(actor, operation)).status_code == 200
    assert await database.fetch(DIGEST, ()) == before


@pytest.mark.parametrize("operation", [each for each in READING if each not in AUDITED])
async def test_asking_for_headers_leaves_nothing_behind(market: Market, operation: str) -> None:
    scene = await scene_for(market, operation)
    actor = await CALLERS[entitled(operation)](scene)
    database = market.app.state.database
    before = await database.fetch(EVERYTHING, ())
    head = await scene.call(actor, operation, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert await database.fetch(EVERYTHING, ()) == before
    whole = await scene.call(actor, operation)
    assert head.headers.keys() == whole.headers.keys()
