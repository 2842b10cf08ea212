"""Saved searches."""

from dataclasses import dataclass
from typing import Any

from tests.factories.users import Actor, Market, make_user

PATH = "/saved-searches"


@dataclass(frozen=True)
class MadeSearch:
    """A saved search, as it was answered to its user."""

    user: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{PATH}/{self.data['id']}"


async def save_search(market: Market, user: Actor | None = None, **draft: Any) -> MadeSearch:
    """A saved search for ovens, unless something else is said."""
    user = user or await make_user(market)
    response = await user.post(PATH, draft or {"q": "ovens"})
    assert response.status_code == 201, response.text
    return MadeSearch(user, response.json())
