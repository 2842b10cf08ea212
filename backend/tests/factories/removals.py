"""Removals of second factors that staff has requested."""

from email.message import EmailMessage

from httpx import Response

from app.worker.clock import Clock, Step
from tests.factories.links import token_in
from tests.factories.second_factors import (
    Authenticator,
    make_careful_member,
)
from tests.factories.users import Actor, Market, make_user
from tests.mail import deliver
from tests.staff import STAFF

GROUNDS = {"reason": "Has shown a passport at the office."}
FACTOR = "/users/me/second-factor"


def path(user: Actor) -> str:
    return f"/admin/users/{user.id}/second-factor-removal"


async def stop(market: Market, token: str) -> Response:
    body = {"token": token}
    return await market.client.post("/auth/second-factor-removal/cancellation", json=body)


async def letters(market: Market) -> list[EmailMessage]:
    """The letters about removals that are due."""
    return [mail for mail in await deliver(market) if "second factor" in mail["Subject"]]


async def make_pending(market: Market) -> tuple[Actor, Actor, Authenticator, str]:
    """A member whose second factor is to be removed, the staff, the app, and the mailed token."""
    member, app, _ = await make_careful_member(market)
    staff = await make_user(market, role=STAFF)
    await deliver(market)
    assert (await staff.post(path(member), GROUNDS)).status_code == 200
    (mail,) = await letters(market)
    return member, staff, app, token_in(mail)


async def let_it_fall_due(market: Market) -> None:
    """Has the requests for removals been made 72 hours ago."""
    await market.app.state.database.fetch(
        "UPDATE second_factors SET removal_due_at = now() WHERE removal_due_at IS NOT NULL", ()
    )


async def work(market: Market) -> int:
    """Does what the clock of a worker does; returns how many removals were due."""
    clock = Clock(market.app.state.database)
    await clock.tick()
    return clock.done[Step.SECOND_FACTOR_REMOVED]
