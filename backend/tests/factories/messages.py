"""Messages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.factories.cleanings import make_cleaning
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.threads import thread_of
from tests.factories.uploads import make_upload, process
from tests.factories.users import Actor, Market


@dataclass(frozen=True)
class Message:
    """A message, as it was answered to its sender."""

    offer: MadeOffer
    sender: Actor
    data: dict[str, Any]

    @property
    def thread(self) -> str:
        """The path of its thread."""
        return thread_of(self.offer)

    @property
    def path(self) -> str:
        return f"{self.thread}/messages/{self.data['number']}"


async def make_message(
    market: Market,
    offer: MadeOffer | None = None,
    sender: Actor | None = None,
    text: str = "Is there a lift?",
    **draft: Any,
) -> Message:
    """A message about an offer, by default of its cleaner."""
    offer = offer or await make_offer(market)
    sender = sender or offer.cleaner
    response = await sender.post(f"{thread_of(offer)}/messages", {"text": text, **draft})
    assert response.status_code == 201, response.text
    return Message(offer, sender, response.json())


async def make_message_with_photos(
    market: Market, number: int = 1, offer: MadeOffer | None = None
) -> Message:
    """A message of a cleaner with photos that are ready, as both sides see it.

    Args:
        market: The market.
        number: How many photos.
        offer: The offer that it is about.
    """
    offer = offer or await make_offer(market)
    photos = [await make_upload(offer.cleaner) for _ in range(number)]
    message = await make_message(market, offer, photos=photos)
    await process(market)
    return Message(offer, message.sender, (await message.sender.get(message.path)).json())


async def age(market: Market, by: timedelta) -> None:
    """Dates the sending of all messages back."""
    await market.app.state.database.fetch(
        "UPDATE messages SET created_at = created_at - $1::interval", (by,)
    )


async def offers_between(market: Market, one: Actor, other: Actor, name: str) -> list[MadeOffer]:
    """Offers of two users for jobs of each other.

    Args:
        market: The market.
        one: A user.
        other: Another user.
        name: The name of the job of the first one.
    """
    own, foreign = await make_cleaning(market, one, name=name), await make_cleaning(market, other)
    return [
        await make_offer(market, own, other, price="5432.10"),
        await make_offer(market, foreign, one, price="5432.11"),
    ]
