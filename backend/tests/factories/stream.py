"""The stream, and what is in it."""

from collections.abc import Sequence
from typing import Any

from app.core.config import Settings
from app.worker.consequences import Consequence
from app.worker.sequencer import Sequencer
from tests.factories.users import Market


def make_sequencer(market: Market, *consequences: Consequence) -> Sequencer:
    """A sequencer with some consequences."""
    settings = Settings(environment="development")
    return Sequencer(market.app.state.database, settings, consequences)


async def sequence(market: Market, *consequences: Consequence) -> None:
    """Enters all events into the stream."""
    sequencer, database = make_sequencer(market, *consequences), market.app.state.database
    while await database.fetch(
        "SELECT FROM events LEFT JOIN stream ON event_id = id WHERE event_id IS NULL", ()
    ):
        await sequencer.sequence()


async def streamed(market: Market) -> Sequence[tuple[int, Any]]:
    """The positions of the stream, with the id of the event at each."""
    rows = await market.app.state.database.fetch("SELECT * FROM stream ORDER BY position", ())
    return [(row["position"], row["event_id"]) for row in rows]
