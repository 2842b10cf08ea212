"""Saved searches."""

from dataclasses import dataclass
from typing import Any

from tests.factories.users import Actor, Market, make_bare_users, make_user

PATH = "/saved-searches"
THEIRS = """
INSERT INTO saved_searches
SELECT (jsonb_populate_record(
    it, jsonb_build_object('id', gen_random_uuid(), 'user_id', users.id)
)).*
FROM saved_searches it, users WHERE users.id <> it.user_id
"""
"""A search of each of them, like the only one that there is."""
KEYS = """
INSERT INTO saved_search_keys
SELECT key, saved_searches.id FROM saved_search_keys, saved_searches ON CONFLICT DO NOTHING
"""


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


async def copy_search(market: Market, number: int) -> None:
    """Gives the only saved search to so many new users."""
    await make_bare_users(market, number)
    fetch = market.app.state.database.fetch
    await fetch(THEIRS, ())
    await fetch(KEYS, ())
