"""The log of events takes no event without an actor, but of the kinds that the clock records."""

from uuid import uuid4

import pytest

from app.db.models.kinds.offers import OfferEvent
from app.db.repositories.events import EventRepository
from tests.factories.users import Market


async def test_only_the_clock_records_events_without_an_actor(market: Market) -> None:
    async with market.app.state.database.write() as transaction:
        with pytest.raises(ValueError, match="offer created needs an actor"):
            EventRepository(transaction).record(None, OfferEvent.CREATED, uuid4())
