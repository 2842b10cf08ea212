"""Reads on standbys that know all that has been acknowledged, whichever process has done so.

Before a read, the primary is asked how far its log goes, and the standby how much of it it has
applied: the read sees whatever was committed before it came. Those who come meanwhile share the
next question, so that the primary answers few, which cost it little. So nothing has to be assumed
about how the standbys are set up; one that lags, fails or is cut off is not asked for a while.
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

MOST_LAG = 0.1  # seconds that a read waits for a replica
POLL_INTERVAL = 0.001  # seconds between two looks at how far it is
SHORTEST_REST, LONGEST_REST = 1.0, 30.0  # seconds without reads for one that could not serve one

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
    """A place in the log of a database.

    Args:
        timeline: Which of its histories: each promotion of a standby begins another.
        place: How many bytes of log come before.
    """

    timeline: int
    place: int

    def includes(self, other: "Position") -> bool:
        """Whether all that the other stands behind is behind this one, too."""
        return self.timeline == other.timeline and self.place >= other.place


class Question(Generic[Answer]):
    """Is asked for many at once: each gets an answer to a question put after they came.

    Args:
        ask: Puts the question.
    """

    def __init__(self, ask: Callable[[], Awaitable[Answer]]) -> None:
        self._ask = ask
        self._asked: asyncio.Task[Answer] | None = None
        self._next: asyncio.Task[Answer] | None = None

    async def answer(self) -> Answer:
        """Returns what is so now, or was a moment ago, but not before this was called."""
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
    """A standby from which is read.

    Args:
        pool: Its connections.
    """

    def __init__(self, pool: FairPool) -> None:
        self._pool = pool
        self._applied = Question(self._ask)
        self._known: Position | None = None
        self._rest, self._awake_at = SHORTEST_REST, 0.0

    @property
    def is_awake(self) -> bool:
        """Whether it may be asked."""
        return asyncio.get_running_loop().time() >= self._awake_at

    async def reach(self, wanted: Position) -> None:
        """Waits until it has applied all that the primary had written.

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
            Unavailable: It can't be reached, or can't do it now.
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
        """Has it not asked for a while, longer each time in a row; it then has to prove itself."""
        if not self.is_awake:  # others have noticed, too
            return
        self._known = None
        self._awake_at = asyncio.get_running_loop().time() + self._rest
        logger.warning("replica_unused", host=self._pool.address, seconds=self._rest)
        self._rest = min(2 * self._rest, LONGEST_REST)

    async def _ask(self) -> Position:
        (row,) = await self._fetch(APPLIED, ())
        return Position(row["timeline"], int(row["place"]))


class Replicas:
    """Reads on a replica if one can serve them, else on the primary.

    Args:
        primary: What is always right.
        pools: The connections of each replica.
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
    """Notes an error that nobody waits for any more: whoever did has given up."""
    if not task.cancelled():
        task.exception()
