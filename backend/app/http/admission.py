"""Checks before the endpoint is called, in this order: token, media type, body.

They need no database. The dispatcher makes them, or each route if there is no dispatcher
(`FAST_PATH=false`).
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.http.bodies import BodyLimit, media_type_sent, read_body, unsupported

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Conditions(NamedTuple):
    """The conditions of one route."""

    needs_login: bool
    media_type: str | None
    """The media type of its body; None if it reads none."""
    body: BodyLimit
    answer_seconds: float
    """Seconds for the client to read the response."""


async def answer_admitted(
    request: Request, conditions: Conditions, handle: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Answers a request if it meets the conditions of its route.

    Requests of unverified senders share the places of `app.state.strangers`.

    Args:
        request: The request. Its state gets `admitted`, and `body` if the route reads one.
        conditions: The conditions.
        handle: Makes the response.

    Raises:
        Unauthenticated: The token is missing or not valid.
        UnsupportedMediaType: The body has another media type.
        ContentTooLarge, BodyTooSlow, BodyIncomplete: The body exceeds a limit or ends early.
        Unavailable: All places for unverified senders are taken.
    """
    app_state, state = request.scope["app"].state, request.scope["state"]
    state["answer_seconds"] = conditions.answer_seconds
    is_known = conditions.needs_login and app_state.demand_token(request)
    if conditions.media_type and state.get("has_body"):
        demand_media_type(request, conditions.media_type)
        state["body"] = await read_body(request.scope, request.receive, conditions.body)
    state["admitted"] = True
    if is_known:
        return await handle(request)
    with app_state.strangers:
        return await handle(request)


def media_type_of(route: APIRoute) -> str | None:
    """The media type that a route accepts; None if it reads no body."""
    if route.body_field is None:
        return None
    return FORM if isinstance(route.body_field.field_info, Form) else JSON


def demand_media_type(request: Request, accepted: str) -> None:
    """Refuses a body of another media type than the accepted one.

    Raises:
        UnsupportedMediaType: The `Content-Type` is another one.
    """
    if "content-type" not in request.headers:
        return
    media_type = media_type_sent(request)
    if media_type == accepted or (accepted == JSON and media_type.endswith("+json")):
        return
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        raise unsupported(accepted)
