"""Connections that notice how long statements take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import asyncpg
import structlog

from app.core.tracing import tracing

logger = structlog.get_logger(__name__)


class WatchedConnection(asyncpg.Connection):  # type: ignore[misc]  # it comes without types
    """Logs statements that take long, and makes all of them part of traces.

    Values are in neither: a statement has its text only.
    """

    __slots__ = ()
    slow: ClassVar[float]
    """From how many seconds on a statement is logged."""

    async def fetch(self, query: str, *arguments: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 (as the driver has it)
        """Runs a statement and returns its rows."""
        begun = time.perf_counter()
        try:
            # As the driver's own method does; to call that would double what this one costs.
            rows = await self._execute(query, arguments, 0, timeout)
        except BaseException as error:
            self._tell(query, begun, error)
            raise
        if time.perf_counter() - begun >= self.slow or tracing.tracer:
            self._tell(query, begun, None)
        return rows

    async def execute(self, query: str, *arguments: Any, **options: Any) -> Any:
        """Runs statements that return nothing."""
        with self._watched(query):
            return await super().execute(query, *arguments, **options)

    async def executemany(self, command: str, *arguments: Any, **options: Any) -> Any:
        """Runs a statement for each of many arguments."""
        with self._watched(command):
            return await super().executemany(command, *arguments, **options)

    @contextmanager
    def _watched(self, sql: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        except BaseException as error:
            self._tell(sql, begun, error)
            raise
        self._tell(sql, begun, None)

    def _tell(self, sql: str, begun: float, error: BaseException | None) -> None:
        seconds = time.perf_counter() - begun
        if seconds >= self.slow:
            logger.warning("slow_statement", sql=sql, milliseconds=round(seconds * 1000, 2))
        if tracing.tracer:
            tracing.tracer.statement(sql, seconds, error)


def watched(slow: float) -> type[WatchedConnection]:
    """The class of connections whose statements are logged from so many seconds on."""
    return type("Connection", (WatchedConnection,), {"__slots__": (), "slow": slow})
