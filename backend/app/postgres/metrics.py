"""Prometheus metrics of the connection pool and of units of work."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector

from app.postgres.database import Database
from app.postgres.pool import FairPool


class DatabaseMetrics(Collector):
    """Collects the metrics of a pool and a database.

    Args:
        pool: The pool.
        database: The database.
    """

    def __init__(self, pool: FairPool, database: Database) -> None:
        self._pool, self._database = pool, database

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        pool = self._pool
        yield GaugeMetricFamily(
            "marketplace_db_pool_size", "Connections that the pool may lend at once", pool.size
        )
        yield GaugeMetricFamily(
            "marketplace_db_pool_lent", "Connections that are in use", pool.lent
        )
        yield GaugeMetricFamily(
            "marketplace_db_pool_waiting", "Who waits for a connection", pool.waiting
        )
        yield SummaryMetricFamily(
            "marketplace_db_pool_wait_seconds",
            "Waits for a connection, of those who could not have one at once",
            count_value=pool.waits,
            sum_value=pool.waited,
        )
        lost = CounterMetricFamily(
            "marketplace_db_lost_attempts",
            "Transactions that lost a race, and were begun anew unless that was the last attempt",
            labels=["sqlstate"],
        )
        for sqlstate, count in list(self._database.lost_attempts.items()):
            lost.add_metric([sqlstate], count)
        yield lost
