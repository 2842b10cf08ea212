"""Preferences of notifications."""

from typing import Any

from tests.factories.users import Actor

PATH = "/notifications/preferences"


async def prefer(actor: Actor, **changes: Any) -> dict[str, Any]:
    """Changes the preferences of a user, and returns them."""
    response = await actor.patch(PATH, changes)
    assert response.status_code == 200, response.text
    preferences: dict[str, Any] = response.json()
    return preferences
