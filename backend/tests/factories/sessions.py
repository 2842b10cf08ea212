"""Registrations and logins, as people do them."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from httpx import Response

from app.db.models.sessions import Session
from tests.factories.users import PASSWORD, Actor, Market, make_user
from tests.rows import get

numbers = count(1)


async def register(market: Market, **draft: Any) -> Response:
    """A registration, by default of a new user."""
    name = f"member{next(numbers)}"
    draft = {"email": f"{name}@example.com", "username": name, "password": PASSWORD, **draft}
    return await market.client.post("/users", json=draft)


async def make_member(market: Market, **columns: Any) -> Actor:
    """A logged-in user, who can log in again with `PASSWORD`."""
    password_hash = await market.safeguards.passwords.hash(PASSWORD)
    return await make_user(market, password_hash=password_hash, **columns)


async def log_in(
    market: Market, name: str, password: str = PASSWORD, otp: str | None = None, **headers: str
) -> Response:
    """A login."""
    form = {"grant_type": "password", "username": name, "password": password}
    if otp is not None:
        form["otp"] = otp
    return await market.client.post("/auth/token", data=form, headers=headers)


async def step_up(actor: Actor, password: str = PASSWORD, **more: str) -> Response:
    """The response to a step-up."""
    return await actor.post("/auth/step-up", {"password": password, **more})


async def refresh(market: Market, refresh_token: str, **headers: str) -> Response:
    """The exchange of a refresh token for a new pair."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await market.client.post("/auth/token", data=form, headers=headers)


async def make_login(
    market: Market, member: Actor, otp: str | None = None, **headers: str
) -> tuple[Actor, str]:
    """A further session of a user, and its refresh token."""
    return of_answer(member, await log_in(market, member.username, otp=otp, **headers))


def of_answer(member: Actor, response: Response) -> tuple[Actor, str]:
    """The session created by a login or a step-up, and its refresh token."""
    assert response.status_code == 200, response.text
    tokens = response.json()
    actor = Actor(member.client, member.id, member.username, member.email, tokens["access_token"])
    return actor, tokens["refresh_token"]


async def session_of(market: Market, token: str) -> Session:
    """The session of an access token."""
    bearer = market.safeguards.access_tokens.read(token)
    async with market.app.state.database.write() as transaction:
        return await get(transaction, Session, bearer.session_id)


async def age(market: Market, actor: Actor, by: timedelta = timedelta(minutes=11)) -> None:
    """Dates the login of a user back."""
    bearer = market.safeguards.access_tokens.read(actor.token)
    async with market.app.state.database.write() as transaction:
        session = await get(transaction, Session, bearer.session_id)
        session.authenticated_at -= by


async def expire(market: Market, token: str) -> None:
    """Ends the session of an access token a moment ago."""
    await expire_session(market, market.safeguards.access_tokens.read(token).session_id)


async def expire_session(market: Market, session_id: UUID) -> None:
    """Ends a session a moment ago, by the clock of the database.

    PostgreSQL's now() stands still within the transaction of a test: a moment that is past by the
    clock of this process may still be to come for it.
    """
    await market.app.state.database.fetch(
        "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = $1", [session_id]
    )


async def let_logins_age(market: Market) -> None:
    """Has all logins be of some time ago, so that changes of credentials need to step up."""
    await market.app.state.database.fetch(
        "UPDATE sessions SET authenticated_at = authenticated_at - interval '11 minutes'", ()
    )
