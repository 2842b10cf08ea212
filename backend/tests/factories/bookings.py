"""Bookings."""

from dataclasses import dataclass
from typing import Any

from tests.factories.cleanings import Job, date_back
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.users import Actor, Market


@dataclass(frozen=True)
class MadeBooking:
    """A booking, as it was answered to the owner of the job."""

    offer: MadeOffer
    data: dict[str, Any]

    @property
    def job(self) -> Job:
        return self.offer.job

    @property
    def owner(self) -> Actor:
        return self.offer.owner

    @property
    def cleaner(self) -> Actor:
        return self.offer.cleaner

    @property
    def path(self) -> str:
        return f"{self.job.path}/bookings/{self.data['id']}"


async def make_booking(market: Market, offer: MadeOffer | None = None) -> MadeBooking:
    """A scheduled booking."""
    offer = offer or await make_offer(market)
    response = await offer.owner.post(f"{offer.path}/acceptance")
    assert response.status_code == 201, response.text
    return MadeBooking(offer, response.json())


async def make_finished_booking(
    market: Market, offer: MadeOffer | None = None, end: str = "completion"
) -> MadeBooking:
    """A booking that has ended: by `completion`, `no-show` or `cancellation`."""
    booking = await make_booking(market, offer)
    if end == "no-show":
        await date_back(market, booking.job)
    response = await booking.owner.post(f"{booking.path}/{end}")
    assert response.status_code == 200, response.text
    return MadeBooking(booking.offer, response.json())
