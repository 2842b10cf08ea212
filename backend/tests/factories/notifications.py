"""Notifications of what happened in the market."""

from typing import Any

from app.worker.consequences import declared
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.stream import sequence
from tests.factories.users import Actor, Market


async def notify(market: Market) -> None:
    """Enters all events into the stream, with their notifications."""
    await sequence(market, *declared())


async def notifications(actor: Actor) -> list[dict[str, Any]]:
    """What a user was told, oldest first."""
    return (await actor.items("/notifications"))[::-1]


async def make_notification(market: Market) -> MadeOffer:
    """An offer of which its owner was told."""
    offer = await make_offer(market)
    await notify(market)
    return offer
