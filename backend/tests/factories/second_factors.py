"""Authenticator apps, and users who need one to log in."""

import time
from dataclasses import dataclass
from typing import Any

import pyotp
from httpx import Response

from app.db.models.second_factors import SecondFactor
from tests.factories.sessions import make_member
from tests.factories.users import PASSWORD, Actor, Market
from tests.rows import get

STEP = 30  # seconds
ENOUGH = 4  # seconds that a test may take to send a code


@dataclass(frozen=True)
class Authenticator:
    """An app that makes codes of a secret."""

    secret: str

    def code(self, steps: int = 0) -> str:
        """What it shows now, or so many steps from now.

        It waits for the next step if the present one is about to end.
        """
        left = STEP - time.time() % STEP
        if left < ENOUGH:
            time.sleep(left)
        return pyotp.TOTP(self.secret).at(time.time() + steps * STEP)


async def prepare(actor: Actor) -> Authenticator:
    """An app with the secret of a user, not confirmed yet."""
    response = await actor.post("/users/me/second-factor", {"current_password": PASSWORD})
    assert response.status_code == 200, response.text
    return Authenticator(response.json()["secret"])


async def confirm(actor: Actor, code: str) -> Response:
    """The proof that an app has the secret."""
    return await actor.post("/users/me/second-factor/confirmation", {"code": code})


async def make_second_factor(market: Market, actor: Actor) -> tuple[Authenticator, list[str]]:
    """The app and the recovery codes of a user, without used codes."""
    app = await prepare(actor)
    response = await confirm(actor, app.code())
    assert response.status_code == 200, response.text
    await let_codes_change(market, actor)
    return app, response.json()["recovery_codes"]


async def make_careful_member(
    market: Market, **columns: Any
) -> tuple[Actor, Authenticator, list[str]]:
    """A user with a password and a second factor."""
    member = await make_member(market, **columns)
    return member, *await make_second_factor(market, member)


async def let_codes_change(market: Market, actor: Actor) -> None:
    """Has the codes that were used be those of some time ago."""
    async with market.app.state.database.write() as transaction:
        factor = await get(transaction, SecondFactor, actor.id)
        factor.last_step -= 1
