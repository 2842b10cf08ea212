"""Evaluations."""

from typing import Any

from tests.factories.bookings import MadeBooking, make_finished_booking
from tests.factories.users import Actor, Market


async def make_evaluation(
    market: Market, booking: MadeBooking | None = None, author: Actor | None = None, **draft: Any
) -> dict[str, Any]:
    """What one side of a finished booking, by default its owner, says of the other."""
    booking = booking or await make_finished_booking(market)
    author = author or booking.owner
    response = await author.post(f"{booking.path}/evaluation", {"overall_rating": 5, **draft})
    assert response.status_code == 201, response.text
    evaluation: dict[str, Any] = response.json()
    return evaluation
