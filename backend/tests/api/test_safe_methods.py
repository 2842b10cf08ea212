"""Methods that HTTP calls safe: whoever is lured into following a link changes nothing by it."""

import pytest

from app.db.models.users import UserRole
from tests.factories.bookings import make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user
from tests.operations import OPERATIONS, Operation
from tests.rows import DIGEST

READING = [operation for operation in OPERATIONS if operation.method == "GET"]


@pytest.mark.parametrize("operation", READING, ids=str)
async def test_reading_changes_nothing(market: Market, operation: Operation) -> None:
    owner = await make_user(market, role=UserRole.STAFF)  # every operation is for them
    offer = await make_offer(market, await make_cleaning(market, owner))
    booking = await make_finished_booking(market, offer)
    await make_evaluation(market, booking)
    ids = {
        "cleaning_id": booking.job.data["id"],
        "offer_id": booking.offer.data["id"],
        "booking_id": booking.data["id"],
        "username": booking.cleaner.username,
        "user_id": str(booking.cleaner.id),
    }
    database = market.app.state.database
    before = await database.fetch(DIGEST, ())
    assert (await owner.get(operation.url(ids))).status_code == 200
    assert await database.fetch(DIGEST, ()) == before
