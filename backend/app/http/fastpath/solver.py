"""How an endpoint is called: worked out once, out of what FastAPI has read in its signature.

With each request, FastAPI looks for the arguments of an endpoint in all the ways in which any
endpoint could want them. Here each endpoint knows its own. That is for good requests only: what
is not as declared is left to FastAPI, which says what is wrong with it.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.params import File, Form
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined
from starlette.requests import Request
from starlette.responses import Response

from app.http.fastpath.early import EARLY
from app.http.fastpath.signatures import in_order
from app.http.parsing import decode_form, decode_json, given_once

Find = Callable[[Request, bytes], Any]
"""Finds an argument in the request or in its body."""

UNKNOWN = (
    "cookie_params",
    "websocket_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
    "concurrency",
)
"""What a signature may ask FastAPI for, but none here does."""


class NotAsDeclared(Exception):
    """The request is not as the endpoint wants it."""


class Step(NamedTuple):
    """A function to be called, a dependency or the endpoint itself, and its arguments."""

    call: Callable[..., Awaitable[Any]]
    given: Mapping[str, Find]
    """Those that the request gives."""
    results: Sequence[tuple[str, int]]
    """Those that are results of other steps, by their places."""


class Endpoint:
    """Calls an endpoint that makes its response itself.

    All that the request gives is found before anything is called. Then come the dependencies that
    only look at the request, then all others, and the endpoint last.

    Args:
        signature: What FastAPI has read in its signature.

    Raises:
        TypeError: It asks for something that only FastAPI can find.
    """

    def __init__(self, signature: Dependant) -> None:
        called = list(in_order(signature, {}).values())
        called.sort(key=lambda dependant: dependant.call not in EARLY)
        if sum(len(dependant.body_params) for dependant in called) > 1:
            raise TypeError(f"{signature.call} asks for more than one body.")
        places = {dependant.call: place for place, dependant in enumerate(called)}
        self._steps = [_step(dependant, places) for dependant in called]
        self._given = [
            (place, name, find)
            for place, step in enumerate(self._steps)
            for name, find in step.given.items()
        ]

    async def __call__(self, request: Request) -> Response:
        """Answers a request.

        Raises:
            NotAsDeclared: It is not as the endpoint wants it.
        """
        body: bytes = request.scope["state"].get("body", b"")
        given: list[dict[str, Any]] = [{} for _ in self._steps]
        for place, name, find in self._given:
            given[place][name] = find(request, body)
        results: list[Any] = []
        for step, arguments in zip(self._steps, given, strict=True):
            for name, place in step.results:
                arguments[name] = results[place]
            results.append(await step.call(**arguments))
        response: Response = results[-1]
        return response


def _step(dependant: Dependant, places: Mapping[Any, int]) -> Step:
    """How a function is called, given the places of all others."""
    if unknown := [name for name in UNKNOWN if getattr(dependant, name)]:
        raise TypeError(f"{dependant.call} asks for {', '.join(unknown)}.")
    given: dict[str, Find] = {field.name: _in_path(field) for field in dependant.path_params}
    given |= {field.name: _in_query(field) for field in dependant.query_params}
    given |= {field.name: _in_headers(field) for field in dependant.header_params}
    for field in dependant.body_params:
        if isinstance(field.field_info, File):
            raise TypeError(f"{dependant.call} asks for a file.")
        find = _in_form if isinstance(field.field_info, Form) else _in_body
        given[field.name] = find(field)
    for name in (dependant.request_param_name, dependant.http_connection_param_name):
        if name:
            given[name] = _request
    results = [
        (dependency.name, places[dependency.call])
        for dependency in dependant.dependencies
        if dependency.name
    ]
    return Step(_called(dependant), given, results)


def _called(dependant: Dependant) -> Callable[..., Awaitable[Any]]:
    call: Any = dependant.call
    if not (inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__)):
        raise TypeError(f"{call} is not an async function.")
    asynchronous: Callable[..., Awaitable[Any]] = call
    return asynchronous


def _valid(field: ModelField, value: Any) -> Any:
    # What `field.validate` does, apart from the descriptions of all errors: FastAPI makes those.
    try:
        return field._type_adapter.validate_python(value, from_attributes=True)  # noqa: SLF001
    except ValidationError as error:
        raise NotAsDeclared from error


def _allowed(default: Any) -> Any:
    if default is PydanticUndefined:
        raise NotAsDeclared
    return default


def _request(request: Request, _: bytes) -> Any:
    return request


def _in_path(field: ModelField) -> Find:
    return lambda request, _: _valid(field, request.path_params[field.alias])


def _in_headers(field: ModelField) -> Find:
    name, default = field.alias, field.get_default()

    def find(request: Request, _: bytes) -> Any:
        value = request.headers.get(name)
        return _allowed(default) if value is None else _valid(field, value)

    return find


def _in_query(field: ModelField) -> Find:
    model = field.field_info.annotation
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise TypeError(f"{field.name} is no model of the whole query.")

    def find(request: Request, _: bytes) -> Any:
        return _valid(field, given_once(request.query_params.multi_items(), "query"))

    return find


def _in_form(field: ModelField) -> Find:
    """Of a form, a parameter without a value counts as left out (RFC 6749, 3.2)."""

    def find(request: Request, body: bytes) -> Any:
        if "content-type" not in request.headers:
            raise NotAsDeclared
        values = decode_form(body)
        return _valid(field, {name: value for name, value in values.items() if value})

    return find


def _in_body(field: ModelField) -> Find:
    default = field.get_default()

    def find(request: Request, body: bytes) -> Any:
        if not body:
            return _allowed(default)
        if "content-type" not in request.headers:  # of those that are said, others were refused
            raise NotAsDeclared
        try:
            content = decode_json(body)
        except ValueError as error:
            raise NotAsDeclared from error
        return _valid(field, content)

    return find
