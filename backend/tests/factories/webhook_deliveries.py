"""Deliveries of webhooks."""

from tests.factories.offers import make_offer
from tests.factories.users import Market
from tests.factories.webhooks import MadeWebhook, enter, make_webhook


async def make_delivery(market: Market) -> MadeWebhook:
    """A webhook with an event that is due."""
    offer = await make_offer(market)
    webhook = await make_webhook(market, offer.cleaner)
    await enter(market)
    return webhook
