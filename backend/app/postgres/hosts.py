"""Connection setup: one or several hosts, session settings, timeouts."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import asyncpg
import structlog
from sqlalchemy import URL

from app.core.database import DatabaseSettings
from app.postgres.faults import GONE
from app.postgres.watched import WatchedConnection, watched

Connection: TypeAlias = WatchedConnection
"""A connection as the driver itself knows it, watched."""

CONNECT_TIMEOUT = 1.0  # seconds per host: a frozen host accepts connections, too
ANSWER_TIME = 0.5  # seconds for the server to report that a statement has timed out
IDLE_IN_TRANSACTION = 10.0  # seconds, after which the locks of a frozen process are released
LONGEST_PREPARED = 32 * 1024
"""The number of characters of the longest statement that the driver keeps prepared."""
NUMBERS = ("statement_cache_size", "max_cached_statement_lifetime", "max_cacheable_statement_size")
"""Numeric options of the driver that a DSN may contain, as text."""

logger = structlog.get_logger(__name__)


class Hosts:
    """Connects to the primary among one or several hosts.

    PostgreSQL enforces `statement_timeout` and `lock_timeout` itself. The timeouts of the driver
    are longer: when they fire, the server no longer responds.

    Args:
        url: The DSN; it may name several hosts.
        settings: Timeouts and TLS.
    """

    def __init__(self, url: URL, settings: DatabaseSettings) -> None:
        self._options = dict(url.get_dialect()().create_connect_args(url)[1])
        self._options.pop("prepared_statement_cache_size", None)  # SQLAlchemy's own
        self._options |= {key: int(v) for key, v in self._options.items() if key in NUMBERS}
        self._options.setdefault("max_cacheable_statement_size", LONGEST_PREPARED)
        self._options |= settings.tls
        limit = settings.statement_timeout + ANSWER_TIME
        self._options["connection_class"] = watched(settings.slow_statement_ms / 1000, limit)
        self._options["timeout"] = CONNECT_TIMEOUT
        self._hosts = _hosts(self._options.pop("host", None), self._options.pop("port", None))
        if len(self._hosts) > 1:
            self._options.setdefault("target_session_attrs", "read-write")
        self._last = self._hosts[0]
        self._session = {
            "statement_timeout": _milliseconds(settings.statement_timeout),
            "lock_timeout": _milliseconds(settings.lock_timeout),
            "idle_in_transaction_session_timeout": _milliseconds(IDLE_IN_TRANSACTION),
            # Plans are made for any number of rows. Starting workers takes longer than a page.
            "max_parallel_workers_per_gather": "0",
        }

    @property
    def last(self) -> str:
        """The host of the last successful connection."""
        return "{host}:{port}".format_map(self._last)

    async def connect(self) -> Connection:
        """Connects to the last successful host, or else to the first that accepts writes.

        The session's time zone is UTC, so that times in the JSON of PostgreSQL are in UTC.

        Raises:
            OSError: No host can be reached; or another of the errors in `GONE`.
            asyncpg.PostgresError: Every host refuses the connection.
        """
        last = self._last
        error: Exception | None = None
        for host in (last, *(other for other in self._hosts if other != last)):
            try:
                connection = await self._connect(host)
            except (*GONE, asyncpg.PostgresError) as caught:
                error = caught
            else:
                if host != self._last:
                    self._last = host
                    logger.warning("another_host", host=self.last)
                return connection
        raise error or ConnectionError

    async def _connect(self, host: Mapping[str, Any]) -> Connection:
        try:
            connection: Connection = await asyncpg.connect(
                **host, **self._options, server_settings={"timezone": "UTC", **self._session}
            )
        except asyncpg.ProtocolViolationError:
            if not self._session:
                raise
            self._session = {}
            logger.warning("no_time_limits", reason="a pooler refuses them: see docs")
            return await self._connect(host)
        return connection


def _hosts(host: Any, port: Any) -> list[Mapping[str, Any]]:
    """The hosts, as arguments of the driver."""
    if isinstance(host, list):
        return [{"host": name, "port": number} for name, number in zip(host, port, strict=True)]
    return [{"host": host, "port": port}]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f}ms"
