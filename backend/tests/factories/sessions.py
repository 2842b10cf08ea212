"""Registrations and logins, as people do them."""

from itertools import count
from typing import Any

from httpx import Response

from tests.factories.users import PASSWORD, Actor, Market, make_user

numbers = count(1)


async def register(market: Market, **draft: Any) -> Response:
    """A registration, of somebody new unless something else is said."""
    name = f"member{next(numbers)}"
    draft = {"email": f"{name}@example.com", "username": name, "password": PASSWORD, **draft}
    return await market.client.post("/users", json=draft)


async def make_member(market: Market, **columns: Any) -> Actor:
    """Somebody who is logged in, and can log in again with `PASSWORD`."""
    password_hash = await market.app.state.passwords.hash(PASSWORD)
    return await make_user(market, password_hash=password_hash, **columns)


async def log_in(market: Market, name: str, password: str = PASSWORD) -> Response:
    """A login."""
    form = {"grant_type": "password", "username": name, "password": password}
    return await market.client.post("/auth/token", data=form)


async def refresh(market: Market, refresh_token: str) -> Response:
    """The exchange of a refresh token for a new pair."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await market.client.post("/auth/token", data=form)


async def make_login(market: Market, member: Actor) -> tuple[Actor, str]:
    """A further session of somebody, and its refresh token."""
    tokens = (await log_in(market, member.username)).json()
    actor = Actor(member.client, member.id, member.username, member.email, tokens["access_token"])
    return actor, tokens["refresh_token"]
