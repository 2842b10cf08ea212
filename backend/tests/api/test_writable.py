"""What callers may write: all else belongs to the service, though they send it with the rest."""

from typing import Any

import pytest

from app.db.models import metadata
from app.http.errors import MOST_ERRORS
from tests.api.access import CALLERS, entitled, scene_for
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Market
from tests.features import FEATURES
from tests.operations import DOCUMENT, OPERATIONS, Operation
from tests.rows import DIGEST
from tests.undone import undone

WRITABLE = {
    operation: set(fields)
    for feature in FEATURES
    for operation, *fields in (line.split() for line in feature.writable.splitlines() if line)
}
"""The fields that each operation takes in its body. A new one needs a thought, and then a place
in the file of its feature in tests/features."""

COLUMNS = {column.name for table in metadata.tables.values() for column in table.columns}
ANSWERED = {
    name
    for schema in DOCUMENT["components"]["schemas"].values()
    for name in schema.get("properties", {})
}
TAKING = [it for it in OPERATIONS if it.media_type and not it.takes_file]
JSON = [operation for operation in TAKING if operation.media_type == "application/json"]

AT_ONCE = 90
"""How many fields too many a form may have."""


def foreign(operation: Operation) -> list[str]:
    """All that the service keeps or answers under some name, and this operation doesn't take."""
    return sorted((COLUMNS | ANSWERED) - WRITABLE[str(operation)])


async def thing_after(scene: Scene, operation: Operation) -> dict[str, Any]:
    """What an operation answers that goes through: the thing that it has made or changed."""
    actor = await CALLERS[entitled(str(operation))](scene)
    response = await scene.call(actor, str(operation), **scene.content(str(operation)))
    assert response.is_success, response.text
    thing: dict[str, Any] = response.json() if response.content else {}
    return thing


def test_what_may_be_written_stands_in_the_table() -> None:
    taken = {str(operation): set(operation.body["properties"]) for operation in TAKING}
    assert taken == WRITABLE


@pytest.mark.parametrize("operation", JSON, ids=str)
async def test_nothing_else_is_taken(market: Market, operation: Operation) -> None:
    name = str(operation)
    scene = await scene_for(market, name)
    async with undone(market.app):
        thing = await thing_after(scene, operation)
    actor = await CALLERS[entitled(name)](scene)
    good = scene.content(name)["json"] or {}
    database = market.app.state.database
    before = await database.fetch(DIGEST, ())
    names = foreign(operation)
    for start in range(0, len(names), MOST_ERRORS):
        fields = names[start : start + MOST_ERRORS]
        sent = {**good, **{field: thing.get(field, "x") for field in fields}}
        response = await scene.call(actor, name, json=sent)
        assert response.status_code == 422, fields
        assert [error["field"] for error in response.json()["errors"]] == fields
    if thing:
        assert (await scene.call(actor, name, json=thing)).status_code == 422
    assert await database.fetch(DIGEST, ()) == before


@pytest.mark.parametrize("operation", [it for it in JSON if it.method == "PATCH"], ids=str)
async def test_what_is_answered_can_be_sent_back(market: Market, operation: Operation) -> None:
    name = str(operation)
    scene = await scene_for(market, name)
    thing = await thing_after(scene, operation)
    actor = await CALLERS[entitled(name)](scene)
    body = {field: thing[field] for field in thing if field in WRITABLE[name]}
    assert (await scene.call(actor, name, json=body)).json() == thing


async def test_a_login_passes_over_all_else(market: Market) -> None:
    scene = await make_scene(market)
    form = scene.content("create_token")["data"]
    (login,) = (operation for operation in TAKING if operation not in JSON)
    plain = (await market.client.post("/auth/token", data=form)).json()
    names = foreign(login)
    for start in range(0, len(names), AT_ONCE):
        given = dict.fromkeys(names[start : start + AT_ONCE], str(scene.stranger.id))
        tokens = (await market.client.post("/auth/token", data=form | given)).json()
        bearer = market.safeguards.access_tokens.read(tokens["access_token"])
        assert bearer.user_id == scene.job.owner.id
        assert tokens["expires_in"] == plain["expires_in"]
