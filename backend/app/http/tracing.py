"""The traces of requests."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.observability.logging import current_trace_id
from app.core.observability.tracing import tracing
from app.http.middleware import path_of


class TracingMiddleware:
    """Traces each request, continuing the trace of its ``traceparent``.

    The trace id is in the response's ``X-Trace-ID`` and in all log records of the request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        tracer, status = tracing.tracer, 500
        if scope["type"] != "http" or tracer is None:
            await self.app(scope, receive, send)
            return

        async def send_with_trace(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                trace_id = current_trace_id.get() or ""
                message["headers"].append((b"x-trace-id", trace_id.encode()))
            await send(message)

        method = scope["method"]
        with tracer.request(method, Headers(scope=scope).get("traceparent")) as span:
            try:
                await self.app(scope, receive, send_with_trace)
            finally:
                tracer.answered(span, method, path_of(scope), status)
