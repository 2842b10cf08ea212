"""Each operation in each state by each role is answered as the tables in tests/features say."""

import pytest
from httpx import Response

from tests.factories.scenes import OPERATIONS, Scene, make_scene
from tests.factories.users import Market
from tests.features import FEATURES, Stateful, collected
from tests.invariants import assert_invariants

STATES: dict[str, Stateful] = collected("states")
"""The objects with states."""
ROLES = ("owner", "cleaner", "rival", "stranger", "anonymous")
"""Who calls. The cleaner and the rival have both made an offer; it is about the cleaner's."""
FORBIDDEN = {
    *("not_owner", "not_offerer", "not_cleaner", "not_seller", "not_asker", "not_author"),
    *("not_customer", "not_sender"),
}
Case = tuple[str, str, str]
"""An operation, a state and a role."""


def written() -> dict[Case, str]:
    """The answers that stand in the tables, by operation, state and role.

    An answer is the state that comes of it behind a >, or the code of the error; 401 is
    unauthenticated, 404 that there is no such thing.
    """
    answers = {}
    tables = [feature.answers.strip() for feature in FEATURES if feature.answers]
    for block in "\n\n".join(tables).split("\n\n"):
        (operation, *roles), *rows = (line.split() for line in block.splitlines())
        for state, *row in rows:
            for role, answer in zip(roles, row, strict=True):
                answers[operation, state, role] = answer
    return answers


def thing_of(operation: str) -> str:
    """What an operation is about; nothing if that has no states, or they don't matter to it."""
    path = OPERATIONS[operation].path
    if "/admin/" in path:  # staff may do it in any
        return ""
    places = ((thing, it.place or f"{{{thing}_id}}") for thing, it in reversed(STATES.items()))
    return next((thing for thing, place in places if place in path), "")


ANSWERS = written()
ROWS = [
    (operation, state)
    for operation in OPERATIONS
    if (thing := thing_of(operation))
    for state in STATES[thing].stories
]


async def scene_in(market: Market, operation: str, state: str) -> Scene:
    """A scene in which what the operation is about is in a state."""
    thing = thing_of(operation)
    terms = {"starts_at": "2100-01-01T09:00:00Z"} if state.endswith("-later") else {}
    scene = await make_scene(market, STATES[thing].stories[state], **terms)
    assert await scene.status(STATES[thing]) == state.partition("-")[0]
    return scene


def error_in(response: Response) -> str:
    """An error as it is written in the table."""
    if response.status_code in {401, 404}:
        return str(response.status_code)
    code = str(response.json().get("code"))
    assert response.status_code == (403 if code in FORBIDDEN else 409)
    return code


def test_the_table_is_complete() -> None:
    assert ANSWERS.keys() == {(*row, role) for row in ROWS for role in ROLES}


@pytest.mark.parametrize("thing", STATES)
def test_every_state_comes_about(thing: str) -> None:
    states = {state.partition("-")[0] for state in STATES[thing].stories}
    assert states - {"deleted"} == set(STATES[thing].statuses)


@pytest.mark.parametrize(("operation", "state"), ROWS)
async def test_who_is_refused(market: Market, operation: str, state: str) -> None:
    expected = {role: ANSWERS[operation, state, role] for role in ROLES}
    refused = {role: answer for role, answer in expected.items() if answer[0] != ">"}
    scene = await scene_in(market, operation, state)
    log = await scene.log()
    answers = {role: error_in(await scene.act(role, operation)) for role in refused}
    assert answers == refused
    assert await scene.status(STATES[thing_of(operation)]) == state.partition("-")[0]
    assert await scene.log() == log  # what is refused leaves no trace


@pytest.mark.parametrize(
    ("operation", "state", "role"), [case for case in ANSWERS if ANSWERS[case][0] == ">"]
)
async def test_who_may(market: Market, operation: str, state: str, role: str) -> None:
    scene = await scene_in(market, operation, state)
    response = await scene.act(role, operation)
    assert response.is_success, response.text
    assert f">{await scene.status(STATES[thing_of(operation)])}" == ANSWERS[operation, state, role]
    await assert_invariants(market.app)
