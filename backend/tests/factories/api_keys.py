"""API keys, and the programs that use them."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.db.models.kinds import Scope
from tests.factories.sessions import expire_session
from tests.factories.users import Actor, Market, make_user

PATH = "/users/me/api-keys"


@dataclass(frozen=True)
class MadeApiKey:
    """A key, as it was answered to its owner."""

    owner: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{PATH}/{self.data['id']}"

    @property
    def program(self) -> Actor:
        """A program that acts for the owner by the key."""
        return replace(self.owner, token=self.data["key"])


async def make_api_key(market: Market, owner: Actor | None = None, **draft: Any) -> MadeApiKey:
    """A key that is good for all that keys can be good for, unless something else is said."""
    owner = owner or await make_user(market)
    draft = {"name": "Calendar", "scopes": list(Scope.all()), **draft}
    response = await owner.post(PATH, draft)
    assert response.status_code == 201, response.text
    return MadeApiKey(owner, response.json())


async def expire_api_key(market: Market, key: MadeApiKey) -> None:
    """Ends a key a moment ago."""
    await expire_session(market, UUID(key.data["id"]))


async def assert_good(key: MadeApiKey) -> None:
    """Reads and writes with a key."""
    assert (await key.program.get("/feed/cleanings")).status_code == 200
    assert (await key.program.patch("/profiles/me", {})).status_code == 200


async def assert_ended(key: MadeApiKey) -> None:
    """Tries to read and to write with a key, and where no key will do: it is none."""
    for request in (
        key.program.get("/feed/cleanings"),
        key.program.patch("/profiles/me", {}),
        key.program.get("/users/me"),
    ):
        response = await request
        assert response.status_code == 401
        assert response.json()["code"] == "unauthenticated"
