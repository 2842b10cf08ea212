"""Metrics of the API for Prometheus.

Labels are constants of the source: route templates, known methods and codes. Input never becomes a
label.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from asyncpg import PostgresError
from prometheus_client import Counter, Gauge, Histogram, Metric
from prometheus_client.core import GaugeMetricFamily
from starlette.datastructures import State

from app.core.errors import Unavailable
from app.core.observability.metrics import ProcessMetrics, Told, joined, written
from app.core.observability.siblings import Siblings
from app.db.repositories.clock import ClockReader
from app.db.repositories.notification_mails import NotificationMailReader
from app.db.repositories.outbox import MOST_PENDING, OutboxReader
from app.db.repositories.tasks import MOST_DUE, TaskReader
from app.db.repositories.webhooks import WebhookReader
from app.postgres.archiving import archive_age
from app.postgres.database import Database
from app.postgres.metrics import DatabaseMetrics
from app.postgres.readiness import demand_ready

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)  # seconds
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
OTHER = "other"
PATIENCE = 2.0  # seconds for the database to answer


class RequestMetrics:
    """Counts and durations of requests.

    Args:
        process: The metrics of the process, to which these are added.
    """

    def __init__(self, process: ProcessMetrics) -> None:
        self.in_flight = 0
        self._duration = Histogram(
            "marketplace_http_request_duration_seconds",
            "How long requests took until the last byte was sent",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=process.registry,
        )
        self._problems = Counter(
            "marketplace_http_problems",
            "Requests that were answered with a problem, by its code",
            ["code"],
            registry=process.registry,
        )
        Gauge(
            "marketplace_http_requests_in_flight",
            "Requests that are being answered",
            registry=process.registry,
        ).set_function(lambda: self.in_flight)
        self._observers: dict[tuple[str, str | None, int], Callable[[float], None]] = {}

    def answered(
        self, method: str, route: str | None, status: int, problem: str | None, seconds: float
    ) -> None:
        """Counts a request.

        Args:
            method: The HTTP method, if known.
            route: The template of the path; None for an unknown path.
            status: The status of the response.
            problem: The code of the problem, if the response is one.
            seconds: The duration.
        """
        known = method if method in METHODS else OTHER
        observe = self._observers.get((known, route, status))
        if observe is None:
            observe = self._duration.labels(known, route or OTHER, status).observe
            self._observers[known, route, status] = observe
        observe(seconds)
        if problem:
            self._problems.labels(problem).inc()


class Metrics:
    """All metrics of the service.

    Args:
        state: The app's state.
        folder: The folder of the sockets of the service's processes; None for one process.
    """

    def __init__(self, state: State, folder: Path | None) -> None:
        self._process = ProcessMetrics()
        self.requests = RequestMetrics(self._process)
        Gauge(
            "marketplace_streams_open",
            "Open streams of server-sent events",
            registry=self._process.registry,
        ).set_function(lambda: len(state.streams))
        self._state, self._folder = state, folder
        self._siblings: Siblings | None = None

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        """Context manager that measures, and serves the metrics to the other processes."""
        async with AsyncExitStack() as stack:
            stack.enter_context(self._process.measured())
            database = DatabaseMetrics(self._state.pool, self._state.database)
            self._process.registry.register(database)
            stack.callback(self._process.registry.unregister, database)
            if self._folder:
                siblings = Siblings(self._folder, lambda: written(self._process))
                self._siblings = await stack.enter_async_context(siblings)
            yield

    async def text(self) -> str:
        """All metrics: of this process, of its siblings, and the shared ones."""
        common = Told([metric async for metric in common_metrics(self._state.database)])
        others = await self._siblings.ask() if self._siblings else []
        # Rendering takes some milliseconds, during which other requests are served.
        return await asyncio.to_thread(
            lambda: joined([written(common), written(self._process), *others])
        )


async def common_metrics(database: Database) -> AsyncIterator[Metric]:
    """Metrics from the database: readiness, and the backlog of the worker."""
    ready = GaugeMetricFamily("marketplace_ready", "1 if the service can work, as /readyz says")
    try:
        async with asyncio.timeout(PATIENCE):
            await demand_ready(database)
            backlog = await TaskReader(database).backlog()
            late = await ClockReader(database).late()
            outbox = await OutboxReader(database).backlog()
            mails_late = await NotificationMailReader(database).late()
            webhooks = await WebhookReader(database).late()
            unarchived = await archive_age(database)
    except (Unavailable, TimeoutError, PostgresError):
        ready.add_metric([], 0)
        yield ready
        return
    ready.add_metric([], 1)
    yield ready
    yield GaugeMetricFamily(
        "marketplace_tasks_due", f"Tasks that wait for a worker, up to {MOST_DUE}", backlog.due
    )
    yield GaugeMetricFamily(
        "marketplace_tasks_oldest_due_seconds", "For how long the first of them waits", backlog.age
    )
    yield GaugeMetricFamily(
        "marketplace_clock_late_seconds",
        "For how long the first job or booking whose time has come waits for the worker",
        late,
    )
    yield GaugeMetricFamily(
        "marketplace_outbox_events",
        f"Events that are not in the stream yet, up to {MOST_PENDING}",
        outbox.events,
    )
    yield GaugeMetricFamily(
        "marketplace_outbox_oldest_seconds", "The age of the first of them", outbox.age
    )
    yield GaugeMetricFamily(
        "marketplace_notification_mails_late_seconds",
        "For how long the first mail of notifications that is due waits for the worker",
        mails_late,
    )
    yield GaugeMetricFamily(
        "marketplace_webhooks_late_seconds",
        "For how long the first webhook with a due event waits for a worker",
        webhooks,
    )
    yield GaugeMetricFamily(
        "marketplace_archive_age_seconds",
        "For how long no piece of the log of changes was archived; NaN where none is to be",
        unarchived,
    )
