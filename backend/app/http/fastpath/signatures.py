"""What FastAPI has read in the signature of an endpoint: its `Dependant`.

The solver reads an allow-list of its fields. Everything else, also what a later version of FastAPI
adds, is refused when the service starts: it would be ignored otherwise.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields, replace
from functools import partial, wraps
from typing import Any, TypeAlias

from fastapi._compat import field_annotation_is_sequence
from fastapi.dependencies.models import Dependant
from fastapi.routing import _effective_route_context_var
from fastapi.security.base import SecurityBase
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.http.fastpath.early import EARLY

SUPPORTED = frozenset(
    {
        "path_params",
        "query_params",
        "header_params",
        "cookie_params",
        "body_params",
        "dependencies",
        "name",
        "call",
        "request_param_name",
        "http_connection_param_name",
        "path",  # only named in FastAPI's own errors
        "scope",  # only says when generators end, which are refused
    }
)
"""The fields of `Dependant` that the solver reads."""
LEFT_OUT = frozenset(
    {
        "websocket_param_name",
        "response_param_name",
        "background_tasks_param_name",
        "security_scopes_param_name",
        "own_oauth_scopes",
        "parent_oauth_scopes",
        "use_cache",
        "concurrency",
    }
)
"""The fields of `Dependant` that must have their defaults."""

Signature: TypeAlias = Dependant
"""The name for modules outside of this folder."""
OF_STEPS = "request_of_steps"
"""The name of the request among the arguments, where the endpoint itself does not ask for it."""


class UnsupportedSignature(Exception):
    """The fast path does not support something that an endpoint or a dependency uses.

    Args:
        call: The endpoint or the dependency.
        reason: What it uses.
    """

    def __init__(self, call: Any, reason: str) -> None:
        name = f"{call.__module__}.{getattr(call, '__qualname__', type(call).__qualname__)}"
        super().__init__(
            f"{name} uses {reason}, which the fast path does not support. "
            "Leave it out, or set FAST_PATH=false."
        )


def in_order(dependant: Dependant, before: dict[Any, Dependant]) -> dict[Any, Dependant]:
    """Adds a function to those before it, after its dependencies; each is called once."""
    for dependency in dependant.dependencies:
        if dependency.call not in before:
            in_order(dependency, before)
    before[dependant.call] = dependant
    return before


def demand_supported(dependant: Dependant) -> None:
    """Refuses an endpoint if it, or a dependency, asks for something that only FastAPI can find.

    Raises:
        UnsupportedSignature: One does, or this version of FastAPI has fields that are unknown here.
    """
    for dependency in dependant.dependencies:
        demand_supported(dependency)
    if dependant.call in EARLY and dependant.dependencies:
        raise UnsupportedSignature(dependant.call, "@early together with other dependencies")
    for field in fields(dependant):
        if field.name not in SUPPORTED | LEFT_OUT:
            reason = f"Dependant.{field.name} of this version of FastAPI"
            raise UnsupportedSignature(dependant.call, reason)
        value = getattr(dependant, field.name) or None  # an empty list is as good as none
        if field.name in LEFT_OUT and value != (field.default or None):
            raise UnsupportedSignature(dependant.call, f"{field.name}={value!r}")


def async_call(dependant: Dependant) -> Callable[..., Awaitable[Any]]:
    """The function itself, which must be an async one that returns its result.

    Raises:
        UnsupportedSignature: It is synchronous, or a generator.
    """
    call: Any = dependant.call
    if not (inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__)):
        raise UnsupportedSignature(call, "a function that is not async, or a generator")
    asynchronous: Callable[..., Awaitable[Any]] = call
    return asynchronous


def demand_response(dependant: Dependant) -> None:
    """Refuses an endpoint that leaves it to FastAPI to make the response.

    Raises:
        UnsupportedSignature: Its annotation does not say that it returns a response.
    """
    returned = inspect.signature(dependant.call, eval_str=True).return_annotation  # type: ignore[arg-type]  # an endpoint has one
    if not (isinstance(returned, type) and issubclass(returned, Response)):
        raise UnsupportedSignature(dependant.call, "a return type other than Response")


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is; None if it is something else."""
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_model else None


def repeatable(dependant: Dependant) -> frozenset[str]:
    """The names of the query parameters that hold lists: only those may be given several times."""
    return frozenset(_lists(dependant))


def _lists(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        model = model_of(field.field_info.annotation)
        members = model.model_fields if model else {field.name: field.field_info}
        for name, member in members.items():
            if field_annotation_is_sequence(member.annotation):
                yield member.alias or name
    for dependency in dependant.dependencies:
        yield from _lists(dependency)


def around(
    dependant: Dependant,
    answer: Callable[[Request, Callable[[], Awaitable[Response]]], Awaitable[Response]],
) -> Dependant:
    """The same endpoint, with steps around its call, which is made after all dependencies.

    Args:
        dependant: What FastAPI has read in its signature.
        answer: The steps. They get the request, and call the endpoint without arguments.
    """
    endpoint: Any = dependant.call
    request_name = dependant.request_param_name

    @wraps(endpoint)
    async def call(**arguments: Any) -> Response:
        request = arguments[request_name] if request_name else arguments.pop(OF_STEPS)
        return await answer(request, partial(endpoint, **arguments))

    return replace(dependant, call=call, request_param_name=request_name or OF_STEPS)


def overrides_provider() -> Any:
    """The app whose `dependency_overrides` hold for the route that it is about to include."""
    context = _effective_route_context_var.get()
    return context and context.dependency_overrides_provider


def needs_login(dependant: Dependant) -> bool:
    """Whether an endpoint, or one of its dependencies, needs an authenticated caller."""
    return isinstance(dependant.call, SecurityBase) or any(map(needs_login, dependant.dependencies))


def only_checked(dependant: Dependant) -> Dependant:
    """The same arguments of functions that do nothing; those marked `@early` stay."""
    return replace(
        dependant,
        call=dependant.call if dependant.call in EARLY else do_nothing,
        dependencies=[only_checked(dependency) for dependency in dependant.dependencies],
    )


async def do_nothing(**_: Any) -> Response:
    """Takes any arguments."""
    return Response()
