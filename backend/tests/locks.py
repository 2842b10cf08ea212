"""Row locks held until other transactions wait for them, which makes races deterministic."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from app.postgres.transactions import Transaction
from tests.factories.users import Market

PATIENCE = 5.0  # seconds: as long as requests wait for a lock
WAITING = """
    SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@asynccontextmanager
async def held(
    market: Market, select: str, key: UUID, *, waiting: int
) -> AsyncIterator[Transaction]:
    """A transaction that holds what it selects, and ends when so many others wait for locks.

    Args:
        market: The service.
        select: A SELECT of the row with the key `$1`, without what locks it.
        key: The key of the row.
        waiting: How many others are to wait.
    """
    database = market.app.state.database
    async with database.write() as transaction:
        await transaction.fetch(f"{select} FOR UPDATE", [key])
        yield transaction
        await until_waiting(market, waiting)


async def until_waiting(market: Market, waiting: int) -> None:
    """Waits until so many others wait for locks."""
    async with asyncio.timeout(PATIENCE):
        while len(await market.app.state.database.fetch(WAITING, ())) < waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
