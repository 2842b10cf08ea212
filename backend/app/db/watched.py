"""Connections that notice how long statements take."""

import time
from collections.abc import Awaitable
from typing import Any, ClassVar, TypeVar

import asyncpg
import structlog

from app.core.tracing import tracing

Result = TypeVar("Result")

logger = structlog.get_logger(__name__)


class WatchedConnection(asyncpg.Connection):  # type: ignore[misc]  # it comes without types
    """Logs statements that take long, and makes all of them part of traces.

    Values are in neither: a statement has its text only.
    """

    __slots__ = ()
    slow: ClassVar[float]
    """From how many seconds on a statement is logged."""

    def fetch(self, query: str, *arguments: Any, **options: Any) -> Awaitable[Any]:
        """Runs a statement and returns its rows."""
        return self._watched(query, super().fetch(query, *arguments, **options))

    def execute(self, query: str, *arguments: Any, **options: Any) -> Awaitable[Any]:
        """Runs statements that return nothing."""
        return self._watched(query, super().execute(query, *arguments, **options))

    def executemany(self, command: str, *arguments: Any, **options: Any) -> Awaitable[Any]:
        """Runs a statement for each of many arguments."""
        return self._watched(command, super().executemany(command, *arguments, **options))

    async def _watched(self, sql: str, running: Awaitable[Result]) -> Result:
        begun = time.perf_counter()
        try:
            result = await running
        except BaseException as error:
            self._tell(sql, time.perf_counter() - begun, error)
            raise
        seconds = time.perf_counter() - begun
        if seconds >= self.slow or tracing.tracer:
            self._tell(sql, seconds, None)
        return result

    def _tell(self, sql: str, seconds: float, error: BaseException | None) -> None:
        if seconds >= self.slow:
            logger.warning("slow_statement", sql=sql, milliseconds=round(seconds * 1000, 2))
        if tracing.tracer:
            tracing.tracer.statement(sql, seconds, error)


def watched(slow: float) -> type[WatchedConnection]:
    """The class of connections whose statements are logged from so many seconds on."""
    return type("Connection", (WatchedConnection,), {"__slots__": (), "slow": slow})
