"""What the worker counts, and the port on which it tells Prometheus."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import product
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import Metric, make_wsgi_app
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.registry import Collector
from pydantic import SecretStr

from app.core.metrics import ProcessMetrics, may_read
from app.db.models.jobs import JobKind
from app.worker.jobs import Jobs, Outcome

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class JobMetrics(Collector):
    """Tells how jobs and mails have ended."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        ended = CounterMetricFamily(
            "marketplace_jobs_ended",
            "Attempts of jobs: done, retried later, or failed for good",
            labels=["kind", "outcome"],
        )
        for kind, outcome in product(JobKind, Outcome):
            ended.add_metric([kind, outcome], self._jobs.ended[kind, outcome])
        yield ended
        mails = CounterMetricFamily(
            "marketplace_mails", "Mails that were sent, or failed to be", labels=["outcome"]
        )
        for result, count in self._jobs.mails.items():
            mails.add_metric([result], count)
        yield mails


class Handler(WSGIRequestHandler):
    """Answers without writing into the log."""

    def log_message(self, *_: object) -> None:
        """Writes nothing."""


def guarded(application: "WSGIApplication", token: SecretStr) -> "WSGIApplication":
    """The same application, for whoever knows a token."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if may_read(environ.get("HTTP_AUTHORIZATION", ""), token):
            return application(environ, start)
        status = HTTPStatus.UNAUTHORIZED
        start(f"{status.value} {status.phrase}", [("WWW-Authenticate", "Bearer")])
        return []

    return answer


@contextmanager
def told(port: int, token: SecretStr, *collectors: Collector) -> Iterator[None]:
    """Tells Prometheus about this process for the time of a block.

    Args:
        port: Where it is asked.
        token: What whoever asks has to know; if it is empty, nothing.
        collectors: What is told, beside how the process itself is.
    """
    process = ProcessMetrics()
    for collector in collectors:
        process.registry.register(collector)
    application = guarded(make_wsgi_app(process), token)
    with (
        process.measured(),
        make_server("", port, application, ThreadingWSGIServer, Handler) as server,
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
