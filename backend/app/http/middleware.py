"""The middleware of every request: ids, access log, common headers, limits, errors."""

import logging
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from secrets import token_hex
from typing import TYPE_CHECKING

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.clients import region_of
from app.core.errors import (
    HeadersTooLarge,
    UnknownHost,
    UriTooLong,
)
from app.core.observability.logging import current_request_id
from app.http.clients import API, wants_page
from app.http.errors import answer_error

if TYPE_CHECKING:
    from app.http.metrics import RequestMetrics

WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{1,128}")
AFTER_NAME = re.compile(rb"\.?(:[0-9]*)?$")
"""The optional end of a host: the dot of the root of DNS, and a port."""

LONGEST_URL = 8 * 1024  # bytes
LARGEST_HEADERS = 32 * 1024  # bytes

PROBES = {"/healthz", "/metrics", "/readyz"}
"""Paths requested all the time by other programs: only failures are logged."""
SAFETY = (b"x-content-type-options", b"nosniff")
REFERRERS = b"referrer-policy"
NO_REFERRER = (REFERRERS, b"no-referrer")
NOT_KEPT = (b"cache-control", b"no-store")
"""Set for responses of the API, since most of them depend on the caller."""
ENCRYPTED_ONLY = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
POLICY = b"content-security-policy"
NO_PAGE = (
    POLICY,
    b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)


class EnvelopeMiddleware:
    """Gives each request an id, each response the common headers, and logs each request.

    The id is the ``X-Request-ID`` of the request if it is well-formed, or a new one. It is in
    ``request.state.request_id``, in the ``X-Request-ID`` of the response and in all log records of
    the request. The access log has the template of the path, and neither its parameters nor the
    query. The time for which a request has waited for events (`following.py`) is not part of its
    duration.

    HEAD is handled as GET; the server leaves out the body (RFC 9110, 9.3.2). The original method is
    in ``request.state.method``, for routes whose body is expensive to make.

    Args:
        app: Handles the requests.
        slow: The duration in seconds from which on a request is logged as a warning.
        metrics: Counts the requests; None if metrics are off.
    """

    def __init__(self, app: ASGIApp, slow: float, metrics: "RequestMetrics | None") -> None:
        self.app, self._slow, self._metrics = app, slow, metrics
        self._logger = structlog.get_logger("app.access").bind()
        self._logs_all = self._logger.is_enabled_for(logging.INFO)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        current_request_id.set(request_id)
        method = scope["state"]["method"] = scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": "GET"}

        async def send_in_envelope(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                add_common_headers(scope, message["headers"], request_id)
            await send(message)

        metrics = self._metrics
        if metrics:
            metrics.in_flight += 1
        try:
            await self.app(scope, receive, send_in_envelope)
        finally:
            seconds = time.perf_counter() - begun - scope["state"].get("waited", 0.0)
            path = path_of(scope)
            if metrics:
                metrics.in_flight -= 1
                problem = scope["state"].get("problem")
                metrics.answered(method, path, status, problem, seconds)
            told = self._logs_all and not (path in PROBES and status == HTTPStatus.OK)
            if told or seconds >= self._slow:
                log = self._logger.warning if seconds >= self._slow else self._logger.info
                log(
                    "request",
                    method=method,
                    path=path,
                    status=status,
                    milliseconds=round(seconds * 1000, 2),
                    **caller(scope),
                )


def request_id_of(scope: Scope) -> str:
    """The ``X-Request-ID`` of a request if it is well-formed, or else a new id."""
    for name, value in scope["headers"]:  # `Headers` would take ten times as long
        if name == b"x-request-id" and WELL_FORMED.fullmatch(value):
            request_id: str = value.decode()
            return request_id
    return token_hex(16)


def path_of(scope: Scope) -> str | None:
    """The template of a request's path, such as ``/users/{id}``; None for an unknown path."""
    route = scope.get("route")
    path: str | None = scope.get("path_template") or (route and route.path)
    return path


def caller(scope: Scope) -> dict[str, str | None]:
    """The sender of a request for the log: the authenticated account, if any, and the network."""
    actor_id, client = scope["state"].get("actor_id"), scope.get("client")
    return {
        "actor_id": str(actor_id) if actor_id else None,
        "network": region_of(client[0] if client else None),
    }


def add_common_headers(scope: Scope, headers: list[tuple[bytes, bytes]], request_id: str) -> None:
    """Adds the headers that every response has: its request's id, and rules for browsers.

    Args:
        scope: The request.
        headers: The headers of the response: a page has policies of its own.
        request_id: The id.
    """
    given = dict(headers)
    headers += ((b"x-request-id", request_id.encode()), SAFETY)
    if REFERRERS not in given:
        headers.append(NO_REFERRER)
    if POLICY not in given:
        headers.append(NO_PAGE)
    if scope["path"].startswith(API):
        headers.append(NOT_KEPT)
    if scope.get("scheme") == "https":
        headers.append(ENCRYPTED_ONLY)


class ErrorsMiddleware:
    """Answers the errors of all that it wraps, FastAPI's included.

    Args:
        app: Handles the requests.
        page: Makes the page of an error, given also the problem that programs get.
    """

    def __init__(
        self, app: ASGIApp, page: Callable[[Request, Exception, Response], Response]
    ) -> None:
        self.app, self._page = app, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 (an unforeseen one is logged and answered, too)
            request = Request(scope)
            response = answer_error(request, error)
            if wants_page(request):
                response = self._page(request, error, response)
            await response(scope, receive, send)


class HostsMiddleware:
    """Refuses requests whose ``Host`` is not a name of the service.

    Args:
        app: Handles the other requests.
        names: The names of the service.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self.app, self._names = app, {name.encode() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection.

        Raises:
            UnknownHost: The ``Host`` is missing, or another.
        """
        if scope["type"] == "http":
            hosts = [value for name, value in scope["headers"] if name == b"host"]
            if (
                not hosts
                or {AFTER_NAME.sub(b"", host, count=1).lower() for host in hosts} - self._names
            ):
                raise UnknownHost
        await self.app(scope, receive, send)


class LimitsMiddleware:
    """Refuses requests whose URL or headers exceed the limits.

    Args:
        app: Handles the other requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection.

        Raises:
            UriTooLong: The path and the query are too long.
            HeadersTooLarge: All headers together are too large.
        """
        if scope["type"] == "http":
            demand_small_head(scope)
        await self.app(scope, receive, send)


def demand_small_head(scope: Scope) -> None:
    """Refuses a request whose URL or headers are too large.

    Raises:
        UriTooLong: The path and the query are too long.
        HeadersTooLarge: All headers together are too large.
    """
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_URL:
        raise UriTooLong
    if sum([len(name) + len(value) for name, value in scope["headers"]]) > LARGEST_HEADERS:
        raise HeadersTooLarge
