"""Metrics of a process in the format of Prometheus.

Imported only where metrics are enabled. Counters on hot paths are plain numbers, which collectors
read at each scrape.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from secrets import compare_digest

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Histogram,
    Metric,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.registry import Collector
from pydantic import SecretStr

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FAMILY = "# HELP "
LAG_INTERVAL = 0.5  # seconds between two measurements of the lag of the event loop
LAG_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2)  # seconds

disable_created_metrics()  # type: ignore[no-untyped-call]


class Told(Collector):
    """A collector of given metrics."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """The metrics."""
        return self._metrics


class ProcessMetrics(Collector):
    """The metrics of this process, with the label `pid`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._lag = Histogram(
            "marketplace_event_loop_lag_seconds",
            "How late the event loop comes to what is due",
            buckets=LAG_BUCKETS,
            registry=self.registry,
        )

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        process = {"pid": str(os.getpid())}
        for metric in self.registry.collect():
            metric.samples = [
                sample._replace(labels=process | sample.labels) for sample in metric.samples
            ]
            yield metric

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Context manager that measures the lag of the event loop."""
        watching = asyncio.create_task(self._watch_loop())
        try:
            yield
        finally:
            watching.cancel()

    async def _watch_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_INTERVAL
            await asyncio.sleep(LAG_INTERVAL)
            self._lag.observe(loop.time() - due)


def written(metrics: Collector) -> str:
    """Metrics in the text format of Prometheus."""
    return generate_latest(metrics).decode()


def joined(texts: Iterable[str]) -> str:
    """Merges texts in which the same metrics occur with different labels."""
    families: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in texts:
        for family in text.split(FAMILY)[1:]:
            name, kind, *samples = family.splitlines()
            families[FAMILY + name, kind] += samples
    lines = (line for head, samples in families.items() for line in (*head, *samples))
    return "".join(f"{line}\n" for line in lines)


def may_read(authorization: str, token: SecretStr) -> bool:
    """Whether a request may read the metrics.

    Args:
        authorization: The `Authorization` header.
        token: The required token; if empty, all requests may.
    """
    secret = token.get_secret_value()
    return not secret or compare_digest(authorization.encode(), f"Bearer {secret}".encode())
