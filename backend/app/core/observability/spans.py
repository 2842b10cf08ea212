"""Traces by OpenTelemetry, exported over OTLP.

Spans contain no values: of errors only the type, of statements only the text. Attributes follow
OpenTelemetry's semantic conventions.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from asyncpg import PostgresError
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.re import parse_env_headers

from app.core.config import Settings
from app.core.errors import MarketplaceError
from app.core.observability.logging import current_trace_id

PATIENCE = 5.0  # seconds for an export to the collector


class Tracer:
    """Creates and exports spans.

    Args:
        settings: The collector, and the share of traces kept.
    """

    def __init__(self, settings: Settings) -> None:
        # Callers may pass a trace id, or disable sampling; only the settings can enable it.
        kept = TraceIdRatioBased(settings.otel_traces_sampler_arg)
        self._provider = TracerProvider(
            sampler=ParentBased(root=kept, remote_parent_sampled=kept),
            resource=Resource.create({SERVICE_NAME: settings.otel_service_name}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(
            endpoint=f"{settings.otel_exporter_otlp_endpoint.rstrip('/')}/v1/traces",
            headers=parse_env_headers(settings.otel_exporter_otlp_headers.get_secret_value()),
            timeout=PATIENCE,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("app")

    def stop(self) -> None:
        """Exports the remaining spans."""
        self._provider.shutdown()

    @contextmanager
    def request(self, method: str, traceparent: str | None) -> Iterator[Span]:
        """The span of a request.

        Args:
            method: The HTTP method.
            traceparent: The trace of the caller (W3C Trace Context).
        """
        carrier = {"traceparent": traceparent} if traceparent else {}
        context = TraceContextTextMapPropagator().extract(carrier, Context())
        with self._root(method, SpanKind.SERVER, context) as span:
            span.set_attribute("http.request.method", method)
            yield span

    def answered(self, span: Span, method: str, route: str | None, status: int) -> None:
        """Adds the route and the status to the span of a request."""
        if route:
            span.update_name(f"{method} {route}")
            span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.set_status(StatusCode.ERROR)

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """The root span of a background task."""
        with self._root(name, SpanKind.INTERNAL, Context()) as span, _failing(span):
            yield

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """A child span; nothing without a parent."""
        if not get_current_span().is_recording():
            yield
            return
        with (
            self._tracer.start_as_current_span(
                name, record_exception=False, set_status_on_exception=False
            ) as span,
            _failing(span),
        ):
            yield

    def statement(self, sql: str, seconds: float, error: BaseException | None) -> None:
        """Adds a span for a finished statement, if there is a parent.

        Args:
            sql: Its text, without values.
            seconds: Its duration.
            error: Its error, if it failed.
        """
        if not get_current_span().is_recording():
            return
        now = time.time_ns()
        span = self._tracer.start_span(
            sql.split(maxsplit=1)[0].rstrip(";"),
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.text": sql},
            start_time=now - int(seconds * 1e9),
        )
        if error:
            _fail(span, error)
        span.end(now)

    @contextmanager
    def _root(self, name: str, kind: SpanKind, context: Context) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name, context, kind, record_exception=False, set_status_on_exception=False
        ) as span:
            current_trace_id.set(format_trace_id(span.get_span_context().trace_id))
            yield span


@contextmanager
def _failing(span: Span) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        _fail(span, error)
        raise


def _fail(span: Span, error: BaseException) -> None:
    """Records the type of an error; its message may contain user input.

    Errors of the marketplace's rules are no failures.
    """
    if not isinstance(error, MarketplaceError):
        span.set_status(StatusCode.ERROR)
    span.set_attribute("error.type", type(error).__qualname__)
    if isinstance(error, PostgresError) and error.sqlstate:
        span.set_attribute("db.response.status_code", error.sqlstate)
