"""Connections that log slow statements, trace all, and are terminated if the server is dead."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, ClassVar, TypeVar

import asyncpg
import structlog

from app.core.observability.tracing import tracing

Result = TypeVar("Result")

TERMINATED = "The connection was terminated."

logger = structlog.get_logger(__name__)


class Watch:
    """Terminates connections whose server does not respond before a deadline.

    One timer serves all connections; the driver would set and cancel one per statement.

    Args:
        limit: The default time limit of a statement, in seconds.

    Attributes:
        deadlines: The deadline of each connection that waits for a response.
        is_on: Whether the timer runs.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.deadlines: dict[WatchedConnection, float] = {}
        self.is_on = False

    def start(self) -> None:
        """Starts the timer; it stops when there are no deadlines left."""
        self.is_on = True
        self._look_in(self.limit)

    def _look_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        # If the event loop was late, responses have arrived that are handled first.
        asyncio.get_running_loop().call_soon(self._end_overdue)

    def _end_overdue(self) -> None:
        now = time.perf_counter()
        for connection in [it for it, deadline in self.deadlines.items() if deadline <= now]:
            connection.terminate()
        later = [deadline for deadline in self.deadlines.values() if deadline > now]
        if later:
            self._look_in(min(self.limit, min(later) - now))
        else:
            self.is_on = False


class WatchedConnection(asyncpg.Connection):  # type: ignore[misc]  # it comes without types
    """A connection with a slow-statement log, tracing, and a deadline for each response.

    Logs and traces contain the text of statements, never their arguments.

    Attributes:
        warnings: The number of warnings that the server has sent.
    """

    __slots__ = ("warnings",)
    slow: ClassVar[float]
    """The duration from which a statement is logged, in seconds."""
    watch: ClassVar[Watch]

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.warnings = 0
        self.add_log_listener(_warned)

    def fetch(
        self, query: str, *arguments: Any, timeout: float | None = None
    ) -> Awaitable[list[asyncpg.Record]]:
        """Runs a statement and returns its rows."""
        # Like the driver's own method; delegating to it would double the cost of this one.
        return self._watched(query, timeout, self._execute(query, arguments, 0, None))

    def execute(self, query: str, *arguments: Any, timeout: float | None = None) -> Awaitable[str]:
        """Runs statements that return nothing."""
        return self._watched(query, timeout, super().execute(query, *arguments))

    def fetchmany(
        self, query: str, args: Any, *, timeout: float | None = None, **options: Any
    ) -> Awaitable[list[asyncpg.Record]]:
        """Runs a statement for each sequence of arguments, and returns all rows."""
        return self._watched(query, timeout, super().fetchmany(query, args, **options))

    def cursor(
        self, query: str, *arguments: Any, timeout: float | None = None, **options: Any
    ) -> Any:
        """Reads rows through a portal; the driver applies the time limit to each batch."""
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
            # Between two messages of a statement, the driver does not notice its termination.
            if isinstance(caught, AttributeError) and self.is_closed():
                raise asyncpg.ConnectionDoesNotExistError(TERMINATED) from caught
            raise
        finally:
            watch.deadlines.pop(self, None)
            seconds = time.perf_counter() - begun
            if seconds >= self.slow:
                logger.warning("slow_statement", sql=sql, milliseconds=round(seconds * 1000, 2))
            if tracing.tracer:
                tracing.tracer.statement(sql, seconds, error)


def watched(slow: float, limit: float) -> type[WatchedConnection]:
    """Creates a connection class.

    Args:
        slow: The duration from which a statement is logged, in seconds.
        limit: The time limit for a response, in seconds.
    """
    return type(
        "Connection",
        (WatchedConnection,),
        {"__slots__": (), "slow": slow, "watch": Watch(limit)},
    )


def _warned(connection: WatchedConnection, _: object) -> None:
    connection.warnings += 1
