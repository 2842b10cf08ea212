"""The app factory: wiring only."""

import gc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.api.crowds import CrowdMiddleware
from app.api.dispatch import Dispatcher
from app.api.documentation import OPENAPI, add_documentation
from app.api.errors import add_error_handlers
from app.api.idempotency_keys import REPLAYED
from app.api.middleware import (
    EnvelopeMiddleware,
    ErrorsMiddleware,
    HostsMiddleware,
    LimitsMiddleware,
)
from app.api.openapi import DESCRIPTION, TAGS, add_openapi, operation_id
from app.api.pagination import Cursors
from app.api.routes import PREFIX, RESOURCES, ROUTES, health
from app.core.config import Settings
from app.core.keys import Keyring
from app.core.logging import configure_logging
from app.core.passwords import Passwords
from app.core.security import AccessTokens
from app.core.tasks import create_start_app_handler, create_stop_app_handler
from app.db.models.sessions import Lifetimes
from app.services.api_keys import KnownKeys


def get_application(settings: Settings | None = None) -> FastAPI:
    """Builds the service.

    Args:
        settings: What differs between installations; read from the environment by default.
    """
    settings = settings or Settings()
    configure_logging(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await create_start_app_handler(app, settings)()
            stack.push_async_callback(create_stop_app_handler(app))
            yield

    app = FastAPI(
        title="Cleaning marketplace",
        version="1.0.0",
        description=DESCRIPTION,
        openapi_url=OPENAPI,
        openapi_tags=TAGS,
        generate_unique_id_function=operation_id,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        # Nothing is exported, so FastAPI need not look for exporters with each request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.passwords = Passwords()
    app.state.keyring = keyring = Keyring(*settings.secret_keys)
    app.state.access_tokens = AccessTokens(
        keyring, timedelta(minutes=settings.access_token_minutes)
    )
    app.state.known_keys = KnownKeys(keyring)
    app.state.lifetimes = Lifetimes.of(settings)
    app.state.staff_needs_second_factor = settings.staff_needs_second_factor
    app.state.limits = settings.limits
    app.state.verifies_emails = settings.verifies_emails
    app.state.cursors = Cursors(keyring)
    add_error_handlers(app)
    app.include_router(health.router)
    for resource in RESOURCES:
        app.include_router(resource.router, prefix=PREFIX)
    add_middleware(app, settings)
    add_openapi(app)
    add_documentation(app)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """Wraps the app: what is added last is what a request meets first."""
    app.add_middleware(Dispatcher, routes=ROUTES)
    app.add_middleware(LimitsMiddleware, body=settings.max_body_size)
    if settings.hosts:
        app.add_middleware(HostsMiddleware, names=settings.hosts)
    app.add_middleware(ErrorsMiddleware)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID", REPLAYED],
        )
    app.add_middleware(EnvelopeMiddleware)
    app.add_middleware(CrowdMiddleware)
    if settings.trusted_proxies:
        proxies = [str(proxy) for proxy in settings.trusted_proxies]
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)


gc.freeze()
gc.enable()
