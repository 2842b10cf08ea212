"""Methods that HTTP calls safe: whoever is lured into following a link changes nothing by it."""

import pytest

from tests.factories.bookings import make_finished_booking
from tests.factories.evaluations import make_evaluation
from tests.factories.users import Market
from tests.operations import OPERATIONS, Operation
from tests.rows import DIGEST

READING = [operation for operation in OPERATIONS if operation.method == "GET"]


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_reading_changes_nothing(market: Market, operation: Operation) -> None:
    booking = await make_finished_booking(market)
    await make_evaluation(market, booking)
    ids = {
        "cleaning_id": booking.job.data["id"],
        "offer_id": booking.offer.data["id"],
        "booking_id": booking.data["id"],
        "username": booking.cleaner.username,
    }
    database = market.app.state.database
    before = await database.fetch(DIGEST, ())
    assert (await booking.owner.get(operation.url(ids))).status_code == 200
    assert await database.fetch(DIGEST, ()) == before
