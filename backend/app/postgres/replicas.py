"""Reads on standbys, with the consistency of the primary (read-your-writes for all processes).

Before a read, the primary reports its WAL flush position, and the standby its replay position: the
read sees each commit that was acknowledged before it. Concurrent reads share these requests. The
configuration of the standbys does not matter; one that lags or fails is not used for a while.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import structlog
from asyncpg import PostgresError, Record

from app.core.errors import Unavailable
from app.postgres.faults import translated
from app.postgres.pool import FairPool
from app.postgres.statements import Source

Answer = TypeVar("Answer")

MOST_LAG = 0.1  # seconds that a read waits for a replica to catch up
POLL_INTERVAL = 0.001  # seconds between two polls of the replay position
SHORTEST_REST, LONGEST_REST = 1.0, 30.0  # seconds without reads after a failure

WRITTEN = """
SELECT ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int AS timeline, lsn - '0/0' AS place
FROM pg_current_wal_flush_lsn() AS lsn
"""
APPLIED = """
SELECT timeline_id AS timeline, coalesce(pg_last_wal_replay_lsn() - '0/0', 0) AS place
FROM pg_control_checkpoint()
"""

logger = structlog.get_logger(__name__)


class Position(NamedTuple):
    """A position in the write-ahead log (WAL).

    Args:
        timeline: The timeline: each promotion of a standby begins a new one.
        place: The LSN, in bytes.
    """

    timeline: int
    place: int

    def includes(self, other: "Position") -> bool:
        """Whether this position is at or after another of the same timeline."""
        return self.timeline == other.timeline and self.place >= other.place


class Question(Generic[Answer]):
    """Coalesces concurrent calls: each gets the result of a call that began after it asked.

    Args:
        ask: The call.
    """

    def __init__(self, ask: Callable[[], Awaitable[Answer]]) -> None:
        self._ask = ask
        self._asked: asyncio.Task[Answer] | None = None
        self._next: asyncio.Task[Answer] | None = None

    async def answer(self) -> Answer:
        """Returns the result of a call that begins after this method was called."""
        if self._next is None:
            self._next = asyncio.create_task(self._ask_after(self._asked))
            self._next.add_done_callback(_look_at)
        return await asyncio.shield(self._next)

    async def _ask_after(self, other: "asyncio.Task[Answer] | None") -> Answer:
        if other is not None:
            await asyncio.wait([other])
        self._asked, self._next = self._next, None
        return await self._ask()


class Replica:
    """A standby that serves reads.

    Args:
        pool: Its pool.
    """

    def __init__(self, pool: FairPool) -> None:
        self._pool = pool
        self._applied = Question(self._ask)
        self._known: Position | None = None
        self._rest, self._awake_at = SHORTEST_REST, 0.0

    @property
    def is_awake(self) -> bool:
        """Whether it may be used."""
        return asyncio.get_running_loop().time() >= self._awake_at

    async def reach(self, wanted: Position) -> None:
        """Waits until it has replayed the WAL up to a position of the primary.

        Raises:
            Unavailable: It can't be reached.
        """
        while self._known is None or not self._known.includes(wanted):
            self._known = await self._applied.answer()
            if not self._known.includes(wanted):
                await asyncio.sleep(POLL_INTERVAL)

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Record]:
        """Runs a reading statement and returns all its rows.

        Raises:
            Unavailable: It can't be reached, or does not respond in time.
        """
        rows = await self._fetch(sql, arguments)
        self._rest = SHORTEST_REST
        return rows

    async def _fetch(self, sql: str, arguments: Sequence[Any]) -> list[Record]:
        with translated:
            async with self._pool.connection() as connection:
                rows: list[Record] = await connection.fetch(sql, *arguments)
                return rows

    def rest(self) -> None:
        """Stops using it for a while, with exponential backoff."""
        if not self.is_awake:  # a concurrent read has failed, too
            return
        self._known = None
        self._awake_at = asyncio.get_running_loop().time() + self._rest
        logger.warning("replica_unused", host=self._pool.host, seconds=self._rest)
        self._rest = min(2 * self._rest, LONGEST_REST)

    async def _ask(self) -> Position:
        (row,) = await self._fetch(APPLIED, ())
        return Position(row["timeline"], int(row["place"]))


class Replicas:
    """Runs reads on the replicas in turn, or on the primary if the replica lags or fails.

    Args:
        primary: The primary.
        pools: The pool of each replica.
    """

    def __init__(self, primary: Source, pools: Sequence[FairPool]) -> None:
        self._primary = primary
        self._written = Question(self._ask)
        self._replicas = deque(Replica(pool) for pool in pools)

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Record]:
        """Runs a reading statement and returns all its rows.

        Raises:
            Unavailable: The primary can't be reached either.
        """
        replica = self._replicas[0]
        self._replicas.rotate(-1)
        if not replica.is_awake:
            return await self._primary.fetch(sql, arguments)
        wanted = await self._written.answer()
        try:
            async with asyncio.timeout(MOST_LAG):
                await replica.reach(wanted)
            return await replica.fetch(sql, arguments)
        except (TimeoutError, Unavailable, PostgresError):
            replica.rest()
            return await self._primary.fetch(sql, arguments)

    async def _ask(self) -> Position:
        (row,) = await self._primary.fetch(WRITTEN, ())
        return Position(row["timeline"], int(row["place"]))


def _look_at(task: "asyncio.Task[Any]") -> None:
    """Retrieves the exception of a task whose callers have timed out, so that it is not logged."""
    if not task.cancelled():
        task.exception()
