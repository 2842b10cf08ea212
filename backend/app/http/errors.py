"""Errors become problems (RFC 9457) here, also unknown paths, wrong methods and invalid input."""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from app.core.catalogues import N_, Translate
from app.core.errors import (
    Invalid,
    MarketplaceError,
    NotFound,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from app.core.limits import Limit
from app.core.observability.logging import name_of
from app.db.models.api_keys import InsufficientScope
from app.db.models.idempotency_keys import IdempotencyKeyInUse
from app.db.models.wording import sentence_for
from app.http.problems import problem, status_of, words_of

logger = structlog.get_logger(__name__)

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
MOST_ERRORS = 20
"""The largest number of input errors in a response."""
LONGEST_NAME = 100
"""The largest number of characters of a field name in a response; the field may be unknown."""


def field_name(location: Sequence[str | int]) -> str:
    """The name of the field at a location of the input; empty for the whole input.

    The parts after the name are Pydantic's own. The name itself may be unencodable or very long.
    """
    names = [part[:LONGEST_NAME] for part in location[1:2] if isinstance(part, str)]
    return "".join(names).encode(errors="replace").decode()


def field_errors(errors: Sequence[Any], translate: Translate) -> list[dict[str, str]]:
    """The errors of the input in the form of the API."""
    return [
        {
            "location": str(error["loc"][0]),
            "field": field_name(error["loc"]),
            "message": sentence_for(error, translate),
            "code": error["type"],
        }
        for error in errors[:MOST_ERRORS]
    ]


def limit_headers(limit: Limit, wait: int) -> dict[str, str]:
    """The headers of an exceeded limit (RFC 9110, 10.2.3; draft-ietf-httpapi-ratelimit-headers).

    Args:
        limit: The exceeded limit.
        wait: Seconds until the next attempt.
    """
    return {
        "Retry-After": str(wait),
        "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={limit.window}',
        "RateLimit": f'"{limit.name}";r=0;t={wait}',
    }


def problem_of(request: Request, error: MarketplaceError) -> Response:
    """The problem of an error of the marketplace's own rules."""
    members, headers, translate = dict(error.members), {}, words_of(request).gettext
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, InsufficientScope):
        headers["WWW-Authenticate"] = f'Bearer error="{error.code}", scope="{error.scope}"'
    if isinstance(error, Unavailable | IdempotencyKeyInUse):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, TooManyRequests):
        headers |= limit_headers(error.limit, error.retry_after)
    if isinstance(error, Invalid):
        members["errors"] = error.errors(translate)
    status = status_of(type(error))
    return problem(request, status.value, error.code, error.said(translate), headers, **members)


def methods_of(request: Request) -> list[str]:
    """All methods of a path; the router reports those of its first route only."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


def not_found(request: Request) -> Response:
    """Renders an unknown path."""
    detail = words_of(request).gettext(N_("Not Found"))
    return problem(request, 404, NotFound.code, detail)


def wrong_method(request: Request, right: Collection[str]) -> Response:
    """Renders a wrong method, with the methods of the path."""
    allowed = [method for method in METHODS if method in right]
    headers = {"Allow": ", ".join(["HEAD", *allowed] if "GET" in allowed else allowed)}
    detail = words_of(request).gettext(N_("Method Not Allowed"))
    return problem(request, 405, "method_not_allowed", detail, headers)


def problem_of_framework(request: Request, error: HTTPException) -> Response:
    """The problem of an error of the framework, such as an unknown path or a wrong method."""
    if isinstance(error.__cause__, MarketplaceError):  # raised while the framework read the body
        return problem_of(request, error.__cause__)
    status, headers = HTTPStatus(error.status_code), dict(error.headers or {})
    if status is HTTPStatus.BAD_REQUEST:
        return problem_of(request, Invalid(error.detail, field=""))
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return wrong_method(request, methods_of(request))
    return problem(request, status.value, status.name.lower(), error.detail, headers)


def answer_error(request: Request, error: Exception) -> Response:
    """Answers a request that has ended in an error: the one place that turns errors into responses.

    An error that no rule foresees is logged, and the response doesn't describe it.
    """
    if isinstance(error, MarketplaceError):
        if isinstance(error, Unavailable):
            logger.warning("unavailable", cause=name_of(error.__cause__ or error))
        return problem_of(request, error)
    if isinstance(error, RequestValidationError):
        translate = words_of(request).gettext
        errors = field_errors(error.errors(), translate)
        return problem(request, 422, Invalid.code, translate(Invalid.detail), errors=errors)
    if isinstance(error, HTTPException):
        return problem_of_framework(request, error)
    logger.error("internal_error", exc_info=error)
    detail = words_of(request).gettext(N_("An internal error occurred."))
    return problem(request, 500, "internal_error", detail)


async def pass_on(_: Request, error: Exception) -> Response:
    """Leaves an error that FastAPI would answer to `ErrorsMiddleware`.

    Raises:
        Exception: The error itself.
    """
    raise error


def leave_errors(app: FastAPI) -> None:
    """Has FastAPI answer no errors itself."""
    for kind in (HTTPException, RequestValidationError):
        app.add_exception_handler(kind, pass_on)
