"""Blocks of people by others."""

from tests.factories.users import Actor


def block_of(person: Actor) -> str:
    """The path of the block of a person."""
    return f"/users/me/blocks/{person.username}"


async def block_person(blocker: Actor, blocked: Actor) -> None:
    """Has a person block another."""
    response = await blocker.put(block_of(blocked), None)
    assert response.status_code == 204, response.text
