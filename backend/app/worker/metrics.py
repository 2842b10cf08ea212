"""What the worker counts, and the port on which it tells Prometheus."""

import logging
import ssl
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import Metric, make_wsgi_app
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.registry import Collector
from pydantic import SecretStr

from app.core.config import Settings
from app.core.mail import Mail
from app.core.observability.metrics import ProcessMetrics, may_read
from app.core.security.tls import with_minimum
from app.worker.clock import Clock
from app.worker.sequencer import Sequencer
from app.worker.tasks import TaskRunner
from app.worker.webhooks import WebhookSender

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)


class TaskMetrics(Collector):
    """Metrics of the attempts of tasks, and of their effects."""

    def __init__(self, runner: TaskRunner) -> None:
        self._runner = runner

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        ended = CounterMetricFamily(
            "marketplace_tasks_ended",
            "Attempts of tasks: done, retried later, or failed for good",
            labels=["kind", "outcome"],
        )
        for labels, count in self._runner.ended.items():
            ended.add_metric(labels, count)
        yield ended
        mails = CounterMetricFamily(
            "marketplace_mails",
            "Mails that were sent, have failed, or were refused by the mailbox",
            labels=["outcome"],
        )
        for (kind, outcome), count in self._runner.effects.ended.items():
            if kind is Mail:
                mails.add_metric([outcome], count)
        yield mails


class ClockMetrics(Collector):
    """Tells what the clock has done."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        done = CounterMetricFamily(
            "marketplace_clock_steps",
            "Jobs that the clock expired, bookings that it ended, second factors that it removed",
            labels=["step"],
        )
        for step, count in self._clock.done.items():
            done.add_metric([step], count)
        yield done


class StreamMetrics(Collector):
    """Tells how many events this worker has entered into the stream."""

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer

    def collect(self) -> Iterator[Metric]:
        """The metric."""
        entered = self._sequencer.entered
        yield CounterMetricFamily(
            "marketplace_stream_events", "Events that were entered into the stream", entered
        )


class WebhookMetrics(Collector):
    """Metrics of requests to webhooks."""

    def __init__(self, sender: WebhookSender) -> None:
        self._sender = sender

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        ended = CounterMetricFamily(
            "marketplace_webhook_requests",
            "Requests to webhooks: received, refused, or the reason why there was no response",
            labels=["outcome"],
        )
        for outcome, count in self._sender.ended.items():
            ended.add_metric([outcome], count)
        yield ended


class Handler(WSGIRequestHandler):
    """Answers without writing into the log."""

    def log_message(self, *_: object) -> None:
        """Writes nothing."""


class Server(ThreadingWSGIServer):
    """Answers each request in a thread of its own."""

    def handle_error(self, *_: object) -> None:
        """Says in the log that nothing came of a request, such as one that isn't encrypted."""
        logger.warning("Can't answer who asks for metrics: %r", sys.exception())


def encryption(settings: Settings) -> ssl.SSLContext | None:
    """What is needed to speak TLS, if the settings name a certificate.

    Raises:
        ssl.SSLError: It makes no sense, or the key is that of another.
    """
    if settings.worker_metrics_certificate_file is None:
        return None
    context = with_minimum(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))
    context.load_cert_chain(
        settings.worker_metrics_certificate_file, settings.worker_metrics_key_file
    )
    return context


def guarded(application: "WSGIApplication", token: SecretStr) -> "WSGIApplication":
    """The same application, for requests with the token."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if may_read(environ.get("HTTP_AUTHORIZATION", ""), token):
            return application(environ, start)
        status = HTTPStatus.UNAUTHORIZED
        start(f"{status.value} {status.phrase}", [("WWW-Authenticate", "Bearer")])
        return []

    return answer


@contextmanager
def told(
    port: int, token: SecretStr, tls: ssl.SSLContext | None, *collectors: Collector
) -> Iterator[None]:
    """Context manager that serves the metrics of this process.

    Args:
        port: The port.
        token: The required token; if empty, none is needed.
        tls: The TLS context, if TLS is used.
        collectors: Collectors in addition to those of the process.
    """
    process = ProcessMetrics()
    for collector in collectors:
        process.registry.register(collector)
    application = guarded(make_wsgi_app(process), token)
    with (
        process.measured(),
        make_server("", port, application, Server, Handler) as server,
    ):
        if tls:
            # Each thread makes its own handshake, so that slow clients delay no others.
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
