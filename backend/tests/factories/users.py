"""People who use the service."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.core.clients import Client
from app.core.security.tokens import Bearer
from app.db.models.fields import now
from app.db.models.kinds.users import UserEvent
from app.db.models.profiles import Profile
from app.db.models.sessions import Lifetimes, Session
from app.db.models.users import User
from app.db.repositories.events import EventRepository
from app.services.safeguards import Safeguards
from tests.contract import check_response
from tests.rows import get

PASSWORD = "a lighthouse in winter"
LIFETIMES = Lifetimes(timedelta(days=1), timedelta(days=1), timedelta(minutes=10))
PASSWORD_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$FTTJaaJJIVNUqzS3kO5BzQ$qRT+XzpYqdCZpFrv5FFJ3BrFp8r1cQ+N00fGAAIKwLk"
)
"""Its argon2id hash, which saves the time of hashing it."""
numbers = count(1)
BARE_USERS = """
INSERT INTO users (id, email, email_key, username, username_key, password_hash, role, created_at,
    updated_at, version)
SELECT gen_random_uuid(), n || '@example.com', n || '@example.com', 'user' || n, 'user' || n, '',
    'user', now(), now(), 1
FROM generate_series(1, $1) n
"""


@dataclass(frozen=True)
class Market:
    """A running service, and an anonymous client of it."""

    app: FastAPI
    client: AsyncClient

    @property
    def safeguards(self) -> Safeguards:
        """What it protects accounts with."""
        safeguards: Safeguards = self.app.state.safeguards
        return safeguards

    def replace_safeguards(self, **parts: Any) -> None:
        """Has it protect accounts in another way for the rest of the test."""
        self.app.state.safeguards = self.safeguards._replace(**parts)

    def set_limit(self, name: str, most: int, window: int = 3600) -> None:
        """Has it limit something as few do in development, for the rest of the test."""
        limits = self.safeguards.limits
        limit = getattr(limits, name)._replace(most=most, window=window)
        self.replace_safeguards(limits=limits._replace(**{name: limit}))


def market_from(market: Market, address: str) -> Market:
    """A client of the same service from another address."""
    client = AsyncClient(
        transport=ASGITransport(market.app, client=(address, 4711)),
        base_url="http://test/api/v1",
        event_hooks={"response": [check_response]},
    )
    return Market(market.app, client)


@dataclass(frozen=True)
class Actor:
    """A logged-in user."""

    client: AsyncClient
    id: UUID
    username: str
    email: str
    token: str

    async def get(self, path: str, **options: Any) -> Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> Response:
        return await self.request("POST", path, json=json, **options)

    async def patch(self, path: str, json: Any, **options: Any) -> Response:
        return await self.request("PATCH", path, json=json, **options)

    async def put(self, path: str, json: Any, **options: Any) -> Response:
        return await self.request("PUT", path, json=json, **options)

    async def delete(self, path: str, **options: Any) -> Response:
        return await self.request("DELETE", path, **options)

    async def request(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> Response:
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if options.get("json", ...) is None:
            del options["json"]
        return await self.client.request(method, path, headers=headers, **options)

    async def items(self, path: str, **params: Any) -> list[Any]:
        """All items of a list, following its cursors."""
        items: list[Any] = []
        while True:
            response = await self.get(path, params=params)
            assert response.status_code == 200, response.text
            page = response.json()
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            params["cursor"] = page["next_cursor"]


async def make_user(market: Market, **columns: Any) -> Actor:
    """A logged-in user with an account and `PASSWORD`."""
    name = f"user{next(numbers)}-{uuid4().hex[:6]}"
    email = f"{name}@example.com"
    columns = {"username": name, "email": email, "password_hash": PASSWORD_HASH} | columns
    async with market.app.state.database.write() as transaction:
        user = User(**columns)
        transaction.add(user)
        session = Session.of(user.id, Client(None, None, ""), LIFETIMES)
        transaction.add(Profile(user_id=user.id, full_name=name.title()))
        transaction.add(session)
        EventRepository(transaction).record(user.id, UserEvent.CREATED, user.id)
    token = market.safeguards.access_tokens.issue(Bearer(user.id, session.id))
    return Actor(market.client, user.id, user.username, user.email, token)


async def change_email(actor: Actor, email: str, password: str = PASSWORD) -> Response:
    """A request for another email address."""
    return await actor.patch("/users/me", {"email": email, "current_password": password})


async def block(market: Market, actor: Actor) -> None:
    """Blocks an account."""
    async with market.app.state.database.write() as transaction:
        user = await get(transaction, User, actor.id)
        user.blocked_at = now()


async def make_bare_users(market: Market, number: int) -> None:
    """Inserts so many users who can't log in, when calls would take too long."""
    await market.app.state.database.fetch(BARE_USERS, (number,))
