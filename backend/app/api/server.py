"""The app factory: wiring only."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from app.api.dependencies.authentication import demand_token
from app.api.routes import ROUTES, TAGS, ApiRouter, health
from app.core.clients import spellings
from app.core.config import Settings
from app.core.environment import WrongSettings, read_settings
from app.core.lifecycle import create_start_app_handler, create_stop_app_handler
from app.core.observability.logging import configure_logging
from app.core.observability.tracing import tracing
from app.core.photo_store import FolderStore
from app.http.bodies import BodyMiddleware
from app.http.documentation import OPENAPI, add_documentation
from app.http.draining import drained
from app.http.errors import leave_errors
from app.http.fastpath.dispatcher import Dispatcher, Node, tree_of
from app.http.fastpath.signatures import UnsupportedSignature
from app.http.following import Followers
from app.http.idempotency_keys import REPLAYED
from app.http.load_shedding import LoadSheddingMiddleware, Share
from app.http.middleware import (
    EnvelopeMiddleware,
    ErrorsMiddleware,
    HostsMiddleware,
    LimitsMiddleware,
)
from app.http.openapi import DESCRIPTION, add_openapi, operation_id
from app.http.pagination import Cursors
from app.http.receiving import ReceivingPlaces
from app.http.stream_head import StreamHead
from app.http.streaming import Streams
from app.http.tracing import TracingMiddleware
from app.http.transactions import PREFIX
from app.services.api_keys import KnownKeys
from app.services.orders import OrderLimits
from app.services.safeguards import Safeguards
from app.web import photos
from app.web.door import add_pages
from app.web.plain import PlainPages

if TYPE_CHECKING:
    from app.http.metrics import Metrics

EXPOSED = [
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "X-Request-ID",
    "X-Trace-ID",
    REPLAYED,
]
"""Response headers that scripts of other origins may read."""

STARTUP_FAILURE = 3
"""The exit status that tells uvicorn not to restart the process."""

STRANGERS = 2
"""The inverse of the share of concurrent requests that may be anonymous."""


def get_application(settings: Settings | None = None) -> FastAPI:
    """Builds the service.

    Args:
        settings: The settings; by default those of the environment.
    """
    settings = settings or settings_of_the_environment()
    configure_logging(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.enter_context(tracing.exported(settings))
            await create_start_app_handler(app, settings)()
            stack.push_async_callback(create_stop_app_handler(app))
            if app.state.metrics:
                await stack.enter_async_context(app.state.metrics.measured())
            stack.enter_context(drained(app, settings.drain_seconds))
            yield

    app = FastAPI(
        title="Cleaning marketplace",
        version="1.0.0",
        description=DESCRIPTION,
        openapi_url=OPENAPI,
        openapi_tags=[tag._asdict() for tag in TAGS],
        generate_unique_id_function=operation_id,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        # Nothing is exported, so FastAPI need not search for exporters in each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.draining = False
    app.state.currency = settings.currency
    app.state.languages = settings.market_languages
    app.state.safeguards = safeguards = Safeguards.of(settings)
    app.state.answered_within = timedelta(hours=settings.completion_hours)
    app.state.order_limits = OrderLimits(
        timedelta(hours=settings.order_hours), settings.orders_per_customer
    )
    app.state.known_keys = KnownKeys(safeguards.keyring)
    app.state.cursors = Cursors(safeguards.keyring)
    app.state.demand_token = demand_token
    app.state.photos = FolderStore(settings.uploads_directory)
    app.state.receiving = ReceivingPlaces()
    head = StreamHead(app.state)
    app.state.followers = Followers(app.state, head)
    app.state.streams = Streams(app.state, head)
    app.state.strangers = Share((settings.pool_size + settings.pool_queue) // STRANGERS)
    app.state.metrics = add_metrics(app, settings) if settings.serves_metrics else None
    leave_errors(app)
    app.include_router(health.router)
    app.include_router(ApiRouter(), prefix=PREFIX)
    add_middleware(app, settings)
    add_openapi(app)
    add_documentation(app)
    app.include_router(photos.router)
    add_pages(app, settings)
    return app


def settings_of_the_environment() -> Settings:
    """Reads the settings, or ends the program with a message.

    The status tells uvicorn not to restart the process, which would fail again.
    """
    try:
        return read_settings(Settings)
    except WrongSettings as error:
        print(error, file=sys.stderr)  # noqa: T201 (no log is configured yet)
        sys.exit(STARTUP_FAILURE)


def add_metrics(app: FastAPI, settings: Settings) -> "Metrics":
    """Adds the metrics."""
    from app.api.routes import metrics
    from app.http.metrics import Metrics  # slow to import, and optional

    app.include_router(metrics.router)
    app.state.metrics_token = settings.metrics_token
    return Metrics(app.state, settings.metrics_directory)


def cors_of(settings: Settings) -> Callable[[ASGIApp], CORSMiddleware] | None:
    """The CORS middleware; None without allowed origins."""
    if not settings.cors_origins:
        return None
    return partial(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        # The API takes no cookies, and pages with one are for no other origin.
        allow_credentials=False,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=EXPOSED,
    )


def fast_routes() -> Node:
    """Prepares the fast path, or ends the program with a message."""
    try:
        return tree_of(ROUTES)
    except UnsupportedSignature as error:
        print(error, file=sys.stderr)  # noqa: T201 (shown by the supervisor)
        sys.exit(STARTUP_FAILURE)


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """Adds the middleware; the last one added is the outermost."""
    if settings.fast_path:
        app.add_middleware(Dispatcher, root=fast_routes())
    app.add_middleware(LimitsMiddleware)
    if settings.hosts:
        app.add_middleware(HostsMiddleware, names=settings.hosts)
    plain = PlainPages(settings)
    app.add_middleware(ErrorsMiddleware, page=plain.refusal)
    cors = cors_of(settings)
    if cors:
        app.add_middleware(cors)
    metrics = app.state.metrics and app.state.metrics.requests
    if settings.otel_exporter_otlp_endpoint:
        app.add_middleware(TracingMiddleware)
    app.add_middleware(EnvelopeMiddleware, slow=settings.slow_request_ms / 1000, metrics=metrics)
    app.add_middleware(LoadSheddingMiddleware, metrics=metrics, cors=cors, page=plain.busy)
    app.add_middleware(BodyMiddleware)
    if settings.trusted_proxies:
        # Imports all of uvicorn, which not all processes need.
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        proxies = [name for proxy in settings.trusted_proxies for name in spellings(proxy)]
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
