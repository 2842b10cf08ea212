"""The one table that says which kind of error has which status, and how errors are shown.

Every error is a problem (RFC 9457), also those of unknown paths, wrong methods and bad input.
"""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from app.core.errors import (
    BodyTooSlow,
    Conflict,
    ContentTooLarge,
    Forbidden,
    HeadersTooLarge,
    Invalid,
    MarketplaceError,
    NotFound,
    PreconditionFailed,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnknownHost,
    UnsupportedMediaType,
    UriTooLong,
)
from app.core.limits import Limit
from app.core.logging import name_of
from app.db.models.api_keys import InsufficientScope
from app.db.models.idempotency_keys import IdempotencyKeyInUse
from app.db.models.wording import sentence_for

logger = structlog.get_logger(__name__)

STATUSES: dict[type[MarketplaceError], HTTPStatus] = {
    UnknownHost: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    BodyTooSlow: HTTPStatus.REQUEST_TIMEOUT,
    Conflict: HTTPStatus.CONFLICT,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    ContentTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UriTooLong: HTTPStatus.REQUEST_URI_TOO_LONG,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    HeadersTooLarge: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
AT_THE_DOOR: tuple[type[MarketplaceError], ...] = (
    UnknownHost,
    UriTooLong,
    HeadersTooLarge,
)
"""What is refused before anybody looks at what is asked for."""
EVERYWHERE: tuple[type[MarketplaceError], ...] = (
    Unauthenticated,
    *AT_THE_DOOR,
    Invalid,
    Unavailable,
)
WITH_BODY: tuple[type[MarketplaceError], ...] = (
    BodyTooSlow,
    ContentTooLarge,
    UnsupportedMediaType,
)
MEDIA_TYPE = "application/problem+json"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
MOST_ERRORS = 20
"""How many of the things that are wrong with the input are named."""
LONGEST_NAME = 100
"""How many characters of the name of a field, which may be unknown, are repeated."""


class FieldError(BaseModel):
    """What is wrong with one part of the input."""

    location: str = Field(description="Where it stands", examples=["body"])
    field: str = Field(description="What it is called", examples=["price"])
    message: str = Field(examples=["Must be greater than 0."])
    code: str = Field(examples=["greater_than"])


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:problem:invalid"])
    title: str = Field(examples=["Invalid"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Some of the input is not right."])
    instance: str = Field(description="What was asked for", examples=["/api/v1/cleanings"])
    code: str = Field(description="Never changes; for programs", examples=["invalid"])
    request_id: str = Field(description="To be found in the logs")
    errors: list[FieldError] | None = Field(default=None, description="Only with status 422")
    state: str | None = Field(default=None, description="The present state, if that forbids it")
    allowed: list[str] | None = Field(default=None, description="The states that would allow it")


def status_of(error: type[MarketplaceError]) -> HTTPStatus:
    """The status of a kind of error."""
    return next(STATUSES[kind] for kind in error.__mro__ if kind in STATUSES)


def problems(
    *errors: type[MarketplaceError], authenticated: bool = True
) -> dict[int | str, dict[str, Any]]:
    """Describes an operation's errors for OpenAPI.

    Args:
        errors: What it may raise, beside what every operation may.
        authenticated: Whether callers must be logged in.
    """
    everywhere = EVERYWHERE if authenticated else EVERYWHERE[1:]
    return described(*everywhere, *errors)


def described(*errors: type[MarketplaceError]) -> dict[int | str, dict[str, Any]]:
    """Describes errors for OpenAPI, by their status."""
    responses: dict[int | str, dict[str, Any]] = {}
    describe(responses, *errors)
    return responses


def describe(responses: dict[int | str, dict[str, Any]], *errors: type[MarketplaceError]) -> None:
    """Adds errors to the description of an operation's responses, by their status."""
    for error in errors:
        status = status_of(error)
        response = responses.setdefault(
            status.value,
            {
                "description": status.phrase,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        response["content"][MEDIA_TYPE]["examples"][error.code] = {
            "summary": error.detail,
            "value": {
                "type": f"urn:problem:{error.code}",
                "title": title(error.code),
                "status": status.value,
                "detail": error.detail,
                "instance": "/api/v1/cleanings",
                "code": error.code,
                "request_id": "5b0c6ff26b1f4bbd8d2ad5b0e2a3c1f4",
            },
        }


def title(code: str) -> str:
    """A code in words."""
    return code.replace("_", " ").capitalize()


def problem(
    request: Request,
    status: int,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    **members: Any,
) -> Response:
    """Renders a problem.

    Args:
        request: What was asked.
        status: The status of the response.
        code: What went wrong, for programs.
        detail: What went wrong, for people.
        headers: Further headers of the response.
        members: Further members of the problem.
    """
    request.state.problem = code
    return JSONResponse(
        {
            "type": f"urn:problem:{code}",
            "title": title(code),
            "status": status,
            "detail": detail,
            "instance": quote(request.scope["path"]),
            "code": code,
            "request_id": request.state.request_id,
            **members,
        },
        status_code=status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def field_name(location: Sequence[str | int]) -> str:
    """The name of the field at a place in the input; empty if all of it is meant.

    Behind the name stand only Pydantic's own words for what the field may be. The name itself may
    be what can't be encoded, or very long.
    """
    names = [part[:LONGEST_NAME] for part in location[1:2] if isinstance(part, str)]
    return "".join(names).encode(errors="replace").decode()


def field_errors(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Says of each part of the input what is wrong with it."""
    return [
        {
            "location": str(error["loc"][0]),
            "field": field_name(error["loc"]),
            "message": sentence_for(error),
            "code": error["type"],
        }
        for error in errors[:MOST_ERRORS]
    ]


def limit_headers(limit: Limit, wait: int) -> dict[str, str]:
    """Says how long to wait, and for what (RFC 9110, 10.2.3; draft-ietf-httpapi-ratelimit-headers).

    Args:
        limit: The limit that is exceeded.
        wait: In how many seconds the next try may be made.
    """
    return {
        "Retry-After": str(wait),
        "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={limit.window}',
        "RateLimit": f'"{limit.name}";r=0;t={wait}',
    }


async def on_marketplace_error(request: Request, error: MarketplaceError) -> Response:
    """Shows an error of the marketplace's own rules."""
    members, headers = dict(error.members), {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, InsufficientScope):
        headers["WWW-Authenticate"] = f'Bearer error="{error.code}", scope="{error.scope}"'
    if isinstance(error, Unavailable):
        logger.warning("unavailable", cause=name_of(error.__cause__ or error))
    if isinstance(error, Unavailable | IdempotencyKeyInUse):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, TooManyRequests):
        headers |= limit_headers(error.limit, error.retry_after)
    if isinstance(error, Invalid):
        members["errors"] = [
            {
                "location": error.location,
                "field": error.field,
                "message": error.detail,
                "code": error.code,
            }
        ]
    status = status_of(type(error))
    return problem(request, status.value, error.code, error.detail, headers, **members)


async def on_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Shows what is wrong with the input."""
    errors = field_errors(error.errors())
    return problem(request, 422, Invalid.code, "Some of the input is not right.", errors=errors)


def methods_of(request: Request) -> list[str]:
    """All methods that a path has; the router names those of its first route only."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


def not_found(request: Request) -> Response:
    """Shows that there is no such path."""
    status = HTTPStatus.NOT_FOUND
    return problem(request, status.value, NotFound.code, status.phrase)


def wrong_method(request: Request, right: Collection[str]) -> Response:
    """Shows which methods a path has instead of the one that was tried."""
    allowed = [method for method in METHODS if method in right]
    headers = {"Allow": ", ".join(["HEAD", *allowed] if "GET" in allowed else allowed)}
    return problem(request, 405, "method_not_allowed", "Method Not Allowed", headers)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """Shows an error of the framework: an unknown path, a wrong method."""
    if isinstance(error.__cause__, MarketplaceError):  # the framework did not expect it
        return await on_marketplace_error(request, error.__cause__)
    status, headers = HTTPStatus(error.status_code), dict(error.headers or {})
    if status is HTTPStatus.BAD_REQUEST:  # a body that no parser can read
        return await on_marketplace_error(request, Invalid(error.detail, field=""))
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return wrong_method(request, methods_of(request))
    return problem(request, status.value, status.name.lower(), error.detail, headers)


async def on_exception(request: Request, error: Exception) -> Response:
    """Shows that something is broken, but not what: that stands in the log."""
    logger.error("internal_error", exc_info=error)
    return problem(request, 500, "internal_error", "Something went wrong on our side.")


def add_error_handlers(app: FastAPI) -> None:
    """Has the app show its errors as problems."""
    handlers: dict[type[Exception], Any] = {
        MarketplaceError: on_marketplace_error,
        RequestValidationError: on_validation_error,
        HTTPException: on_http_exception,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
