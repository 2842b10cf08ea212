"""Problems (RFC 9457): the status of each kind of error, its rendering and documentation."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from app.core.catalogues import Catalogue, accepted, catalogue_of, spoken
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
from app.core.raising import Raising, errors_of

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
"""Errors before routing."""
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


class FieldError(BaseModel):
    """An error of one part of the input."""

    location: str = Field(description="The place: body, query, path or header", examples=["body"])
    field: str = Field(
        description="The name of the field; empty for the whole input", examples=["price"]
    )
    message: str = Field(examples=["Must be greater than 0."])
    code: str = Field(examples=["greater_than"])
    start: int | None = Field(
        default=None,
        description="Only if a part of a text is refused: the number of characters before the "
        "part (Unicode code points, without spaces around the text)",
    )
    end: int | None = Field(
        default=None, description="Likewise: the number of characters up to the end of the part"
    )


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(examples=["urn:problem:invalid"])
    title: str = Field(examples=["Invalid"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["The input is invalid."])
    instance: str = Field(description="The path of the request", examples=["/api/v1/cleanings"])
    code: str = Field(description="Stable, for programs", examples=["invalid"])
    request_id: str = Field(description="The id of the request in the logs")
    errors: list[FieldError] | None = Field(default=None, description="Only with status 422")
    state: str | None = Field(
        default=None, description="The present state, if it forbids the operation"
    )
    allowed: list[str] | None = Field(
        default=None, description="The states that allow the operation"
    )
    package_id: str | None = Field(
        default=None, description="The package that an order can't be placed for"
    )
    revision: int | None = Field(
        default=None, description="Its present revision, with `package_changed`"
    )
    left: int | None = Field(default=None, description="Its stock, with `out_of_stock`")


def status_of(error: type[MarketplaceError]) -> HTTPStatus:
    """The status of a kind of error."""
    return next(STATUSES[kind] for kind in error.__mro__ if kind in STATUSES)


def problems(*raising: Raising, authenticated: bool = True) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation for OpenAPI.

    Args:
        raising: Its errors and its use cases, in addition to the errors of all operations.
        authenticated: Whether it needs a login.
    """
    everywhere = EVERYWHERE if authenticated else EVERYWHERE[1:]
    return described(*everywhere, *errors_of(*raising))


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


def words_of(request: Request) -> Catalogue:
    """The words of problems, in the language that the client asks for."""
    return catalogue_of(spoken(*accepted(request.headers.get("accept-language", ""))))


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
        detail: What went wrong, for people, in the language of `words_of`.
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
        headers={
            **(headers or {}),
            "Content-Language": words_of(request).language,
            "Vary": "Accept-Language",
        },
        media_type=MEDIA_TYPE,
    )
