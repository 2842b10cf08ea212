"""Clients of services that tests start for themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.middleware import Middleware

from app.http.fastpath.dispatcher import Dispatcher
from tests.contract import check_response


def client_of(app: FastAPI, base_url: str = "http://test/api/v1", **transport: Any) -> AsyncClient:
    """An anonymous client of a service. Each answer to it is held against the documentation."""
    return AsyncClient(
        transport=ASGITransport(app, **transport),
        base_url=base_url,
        event_hooks={"response": [check_response]},
    )


def is_dispatcher(middleware: Middleware) -> bool:
    """Whether a part of a service's middleware is the fast path."""
    return getattr(middleware.cls, "__name__", "") == Dispatcher.__name__


@contextmanager
def without_fast_path(app: FastAPI) -> Iterator[None]:
    """Has a running service do without its fast path for a block, as FAST_PATH=false does."""
    stack, middleware = app.middleware_stack, app.user_middleware
    app.user_middleware = [each for each in middleware if not is_dispatcher(each)]
    app.middleware_stack = app.build_middleware_stack()
    yield
    app.middleware_stack, app.user_middleware = stack, middleware
