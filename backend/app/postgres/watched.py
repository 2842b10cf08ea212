"""Connections that notice how long statements take, and when a server no longer answers."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, ClassVar, TypeVar

import asyncpg
import structlog

from app.core.observability.tracing import tracing

Result = TypeVar("Result")

logger = structlog.get_logger(__name__)


class Watch:
    """Cuts off connections on which the server does not answer in time.

    One timer serves all of them; the driver would set and cancel one for each statement.

    Args:
        limit: How many seconds a server may take, unless a statement has a limit of its own.

    Attributes:
        deadlines: Until when the answer has to come, for each connection that waits for one.
        is_on: Whether anybody looks at them.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.deadlines: dict[WatchedConnection, float] = {}
        self.is_on = False

    def start(self) -> None:
        """Looks at the deadlines from now on, until there are none."""
        self.is_on = True
        self._look_in(self.limit)

    def _look_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        now = time.perf_counter()
        for connection in [it for it, deadline in self.deadlines.items() if deadline <= now]:
            connection.terminate()
        later = [deadline for deadline in self.deadlines.values() if deadline > now]
        if later:
            self._look_in(min(self.limit, min(later) - now))
        else:
            self.is_on = False


class WatchedConnection(asyncpg.Connection):  # type: ignore[misc]  # it comes without types
    """Logs statements that take long, makes all of them part of traces, and gives up dead servers.

    Values are in no log and no trace: a statement has its text only.

    Attributes:
        warnings: How often the server has warned of something.
    """

    __slots__ = ("warnings",)
    slow: ClassVar[float]
    """From how many seconds on a statement is logged."""
    watch: ClassVar[Watch]

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.warnings = 0
        self.add_log_listener(_warned)

    def fetch(
        self, query: str, *arguments: Any, timeout: float | None = None
    ) -> Awaitable[list[asyncpg.Record]]:
        """Runs a statement and returns its rows."""
        # As the driver's own method does; to call that would double what this one costs.
        return self._watched(query, timeout, self._execute(query, arguments, 0, None))

    def execute(self, query: str, *arguments: Any, timeout: float | None = None) -> Awaitable[str]:
        """Runs statements that return nothing."""
        return self._watched(query, timeout, super().execute(query, *arguments))

    def fetchmany(
        self, query: str, args: Any, *, timeout: float | None = None, **options: Any
    ) -> Awaitable[list[asyncpg.Record]]:
        """Runs a statement for each of many arguments, and returns all rows."""
        return self._watched(query, timeout, super().fetchmany(query, args, **options))

    def cursor(
        self, query: str, *arguments: Any, timeout: float | None = None, **options: Any
    ) -> Any:
        """Reads rows as they come; how long each answer takes, the driver itself watches."""
        return super().cursor(query, *arguments, timeout=timeout or self.watch.limit, **options)

    async def _watched(self, sql: str, limit: float | None, running: Awaitable[Result]) -> Result:
        watch, error = self.watch, None
        begun = time.perf_counter()
        watch.deadlines[self] = begun + (limit or watch.limit)
        if not watch.is_on:
            watch.start()
        try:
            return await running
        except BaseException as caught:
            error = caught
            raise
        finally:
            watch.deadlines.pop(self, None)
            seconds = time.perf_counter() - begun
            if seconds >= self.slow:
                logger.warning("slow_statement", sql=sql, milliseconds=round(seconds * 1000, 2))
            if tracing.tracer:
                tracing.tracer.statement(sql, seconds, error)


def watched(slow: float, limit: float) -> type[WatchedConnection]:
    """A class of connections.

    Args:
        slow: From how many seconds on their statements are logged.
        limit: After how many seconds without an answer they are cut off.
    """
    return type(
        "Connection",
        (WatchedConnection,),
        {"__slots__": (), "slow": slow, "watch": Watch(limit)},
    )


def _warned(connection: WatchedConnection, _: object) -> None:
    connection.warnings += 1
