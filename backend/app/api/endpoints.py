"""How an endpoint is called: worked out once, out of what FastAPI has read in its signature.

With each request, FastAPI looks for the arguments of an endpoint in all the ways in which any
endpoint could want them. Here each endpoint knows its own. That is for good requests only: what
is not as declared is left to FastAPI, which says what is wrong with it.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.params import File, Form
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.api.errors import field_name
from app.core.errors import Invalid

Found = Callable[[Request, Sequence[Any]], Any]
"""Finds an argument: in the request, or among the body and the results of the steps before."""

MOST_FIELDS = 100
"""How many fields a form or an object may have in a body: any has far fewer."""

BODY = 0
"""Where the body stands among the results."""

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
    """The request is not as the endpoint wants it.

    Args:
        body: The body of the request, if it was read.
    """

    def __init__(self, body: bytes | None = None) -> None:
        super().__init__()
        self.body = body


class Step(NamedTuple):
    """A function to be called, a dependency or the endpoint itself, and its arguments."""

    call: Callable[..., Awaitable[Any]]
    arguments: Mapping[str, Found]


class Endpoint:
    """Calls an endpoint that makes its response itself.

    Args:
        signature: What FastAPI has read in its signature.

    Raises:
        TypeError: It asks for something that only FastAPI can find.
    """

    def __init__(self, signature: Dependant) -> None:
        self._steps: list[Step] = []
        self._reads_body = False
        self._add(signature, {})

    async def __call__(self, request: Request) -> Response:
        """Answers a request.

        Raises:
            NotAsDeclared: It is not as the endpoint wants it.
        """
        results: list[Any] = [None]
        try:
            if self._reads_body:
                results[BODY] = await request.body()
            for call, arguments in self._steps:
                found = {name: find(request, results) for name, find in arguments.items()}
                results.append(await call(**found))
        except (NotAsDeclared, ClientDisconnect) as error:
            raise NotAsDeclared(results[BODY]) from error
        response: Response = results[-1]
        return response

    def _add(self, dependant: Dependant, known: dict[Any, int]) -> int:
        """Adds a function behind those that it depends on; returns where its result stands."""
        if unknown := [name for name in UNKNOWN if getattr(dependant, name)]:
            raise TypeError(f"{dependant.call} asks for {', '.join(unknown)}.")
        arguments: dict[str, Found] = {}
        for dependency in dependant.dependencies:
            place = known.get(dependency.call)
            if place is None:
                place = self._add(dependency, known)
            if dependency.name:
                arguments[dependency.name] = _result(place)
        arguments |= {field.name: _in_path(field) for field in dependant.path_params}
        arguments |= {field.name: _in_query(field) for field in dependant.query_params}
        arguments |= {field.name: _in_headers(field) for field in dependant.header_params}
        for field in dependant.body_params:
            if self._reads_body or isinstance(field.field_info, File):
                raise TypeError(f"{dependant.call} asks for more than one body, or for a file.")
            self._reads_body = True
            find = _in_form if isinstance(field.field_info, Form) else _in_body
            arguments[field.name] = find(field)
        for name in (dependant.request_param_name, dependant.http_connection_param_name):
            if name:
                arguments[name] = _request
        self._steps.append(Step(_called(dependant), arguments))
        known[dependant.call] = place = len(self._steps)
        return place


def _called(dependant: Dependant) -> Callable[..., Awaitable[Any]]:
    call: Any = dependant.call
    if not (inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__)):
        raise TypeError(f"{call} is not an async function.")
    asynchronous: Callable[..., Awaitable[Any]] = call
    return asynchronous


def _valid(field: ModelField, value: Any) -> Any:
    checked, errors = field.validate(value)
    if errors:
        raise NotAsDeclared
    return checked


def _allowed(default: Any) -> Any:
    if default is PydanticUndefined:
        raise NotAsDeclared
    return default


def _request(request: Request, _: Sequence[Any]) -> Any:
    return request


def _result(place: int) -> Found:
    return lambda _, results: results[place]


def _in_path(field: ModelField) -> Found:
    return lambda request, _: _valid(field, request.path_params[field.alias])


def _in_headers(field: ModelField) -> Found:
    name, default = field.alias, field.get_default()

    def find(request: Request, _: Sequence[Any]) -> Any:
        value = request.headers.get(name)
        return _allowed(default) if value is None else _valid(field, value)

    return find


def _in_query(field: ModelField) -> Found:
    model = field.field_info.annotation
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise TypeError(f"{field.name} is no model of the whole query.")

    def find(request: Request, _: Sequence[Any]) -> Any:
        return _valid(field, _given_once(request.query_params.multi_items(), "query"))

    return find


def _in_form(field: ModelField) -> Found:
    """Of a form, a parameter without a value counts as left out (RFC 6749, 3.2)."""

    def find(request: Request, results: Sequence[Any]) -> Any:
        if "content-type" not in request.headers:
            raise NotAsDeclared
        body = results[BODY].decode(errors="replace")
        try:
            pairs = parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise Invalid("It has too many fields.", field="") from error
        values = _given_once(pairs, "body")
        return _valid(field, {name: value for name, value in values.items() if value})

    return find


def _given_once(pairs: Sequence[tuple[str, str]], location: str) -> dict[str, str]:
    """The values of parameters by their names; none may stand there twice."""
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in values if names.count(name) > 1)
        raise Invalid("It is given twice.", field=twice, location=location)
    return values


def _in_body(field: ModelField) -> Found:
    default = field.get_default()

    def find(request: Request, results: Sequence[Any]) -> Any:
        body: bytes = results[BODY]
        if not body:
            return _allowed(default)
        if "content-type" not in request.headers:  # of those that are said, others were refused
            raise NotAsDeclared
        try:
            content = _decode(body.decode(json.detect_encoding(body)))
        except (ValueError, RecursionError) as error:
            raise NotAsDeclared from error
        return _valid(field, content)

    return find


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text; a name that stands there twice is no matter of choice."""
    if len(pairs) > MOST_FIELDS:
        raise Invalid("It has too many fields.", field="")
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise Invalid("It is given twice.", field=field_name(("body", name)))
        content[name] = value
    return content


_decode = json.JSONDecoder(object_pairs_hook=_object).decode
"""Made once, while `json.loads` would make it anew for each body."""
