"""Jobs and packages that callers may not see are answered as missing ones, on every route."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Response

from tests.api.access import scene_for
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Actor, Market
from tests.features import FEATURES
from tests.locks import held
from tests.operations import OPERATIONS, Operation
from tests.stories import EVALUATED
from tests.undone import undone

UNSEEN = {
    "cleaning_id": {
        "hidden": "UPDATE cleanings SET hidden_at = now() WHERE id = $1",
        "deleted": "UPDATE cleanings SET deleted_at = now() WHERE id = $1",
        "of a blocked owner": """
            UPDATE users SET blocked_at = now()
            WHERE id = (SELECT owner_id FROM cleanings WHERE id = $1)
        """,
    },
    "package_id": {
        "hidden": "UPDATE packages SET hidden_at = now() WHERE id = $1",
        "draft": "UPDATE packages SET status = 'draft' WHERE id = $1",
        "paused": "UPDATE packages SET status = 'paused' WHERE id = $1",
        "of a blocked seller": """
            UPDATE users SET blocked_at = now()
            WHERE id = (SELECT seller_id FROM packages WHERE id = $1)
        """,
    },
}
"""Changes after which a job or a package is visible to few callers, or to none, by its key."""

NESTED = {key: [it for it in OPERATIONS if f"{{{key}}}" in it.path] for key in UNSEEN}
CASES = [
    pytest.param(operation, key, unseen, id=f"{operation}-{unseen}")
    for key, changes in UNSEEN.items()
    for operation in NESTED[key]
    for unseen in changes
]


def requests(operation: Operation) -> Iterator[dict[str, Any]]:
    """What is sent in turn, beside what the operation takes."""
    yield {}
    if "if-match" in operation.parameters("header"):
        yield {"headers": {"If-Match": '"1"'}}
        yield {"headers": {"If-Match": '"99"'}}
    if "idempotency-key" in operation.parameters("header"):
        yield {"headers": {"Idempotency-Key": "again"}}
    if operation.media_type:
        yield {"json": {"price": "-1", "overall_rating": 9, "unknown": True}}
        yield {"json": None}
    if operation.parameters("query"):
        yield {"params": {"limit": "0", "status": "lost"}}


ROWS = {
    "cleaning_id": "SELECT FROM cleanings WHERE id = $1",
    "package_id": "SELECT FROM packages WHERE id = $1",
    "offer_id": "SELECT FROM offers WHERE id = $1",
    "booking_id": "SELECT FROM bookings WHERE id = $1",
    "evaluation_id": "SELECT FROM evaluations WHERE id = $1",
    "user_id": "SELECT FROM users WHERE id = $1",
}
"""The rows that a request may be about, by the names of their keys."""

FULL = {
    "cleaning_id": f"cleaner ask_question, owner answer_question, {EVALUATED}",
    "package_id": "staff make_category, owner make_package, owner publish_package, "
    "cleaner ask_package_question, owner answer_package_question",
}
"""What happens before, so that there is all that belongs to a job or a package."""

Answer = tuple[int, dict[str, str], str]

WAITING = {operation for feature in FEATURES for operation in feature.waiting}
"""Operations that lock a job or a package for all who see it."""


async def answer(
    scene: Scene, actor: Actor, operation: Operation, ids: dict[str, str], **sent: Any
) -> Answer:
    """The whole answer: without what differs from any request to the next, nor the ids."""
    content = {**scene.content(str(operation)), **sent}
    content["headers"] = {**content.get("headers", {}), "X-Request-ID": "one-of-many"}
    response = await actor.request(operation.method, operation.url(ids), **content)
    return response.status_code, dict(response.headers), named(response, ids)


def named(response: Response, ids: dict[str, str]) -> str:
    """The body, with the names of the ids in their place."""
    text = response.text
    for name in ROWS.keys() & ids.keys():
        text = text.replace(ids[name], name)
    return text


@pytest.mark.parametrize(("operation", "key", "unseen"), CASES)
async def test_does_not_seem_to_exist(
    market: Market, operation: Operation, key: str, unseen: str
) -> None:
    scene = await scene_for(market, str(operation))
    database, own = market.app.state.database, scene.ids()
    unknown = own | {name: str(uuid4()) for name in ROWS}
    within = unknown | {key: own[key]}
    elsewhere = own | {key: unknown[key]}
    places = {operation.url(ids): ids for ids in (unknown, own, within, elsewhere)}
    await database.fetch(UNSEEN[key][unseen], [own[key]])
    for actor in (scene.stranger, scene.offers["rival"].cleaner):
        for sent in requests(operation):
            answers = []
            for ids in places.values():
                async with undone(market.app):
                    answers.append(await answer(scene, actor, operation, ids, **sent))
            assert len(answers) > 1
            assert answers[0][0] in {403, 404, 422}, sent
            assert answers == [answers[0]] * len(answers), sent


@pytest.mark.committed
@pytest.mark.parametrize("unseen", [None, "hidden"])
@pytest.mark.parametrize("key", FULL)
async def test_keeps_nobody_waiting_who_may_not_change_it(
    market: Market, key: str, unseen: str | None
) -> None:
    """An answer that waits for a row tells that there is one; and who waits, takes the lock."""
    scene = await make_scene(market, FULL[key])
    ids = scene.ids() | {"user_id": str(scene.offers["cleaner"].cleaner.id)}
    if unseen:
        await market.app.state.database.fetch(UNSEEN[key][unseen], [UUID(ids[key])])
    async with AsyncExitStack() as locks:
        for name in ROWS.keys() & ids.keys():
            await locks.enter_async_context(held(market, ROWS[name], UUID(ids[name]), waiting=0))
        for operation in NESTED[key]:
            if unseen or str(operation) not in WAITING:
                answered = await answer(scene, scene.stranger, operation, ids)
                assert answered[0] < 500, operation
