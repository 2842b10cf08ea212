"""The argument solver: calls an endpoint with the arguments that its signature declares.

FastAPI searches the arguments of an endpoint with each request, in all ways in which any endpoint
could declare them. Here the search is prepared once per endpoint. It is for valid requests only:
an invalid one is left to FastAPI, which says what is wrong with it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from fastapi.dependencies.models import Dependant
from starlette.requests import Request
from starlette.responses import Response

from app.http.fastpath.arguments import Find, Input, finders
from app.http.fastpath.early import EARLY
from app.http.fastpath.signatures import (
    UnsupportedSignature,
    async_call,
    demand_response,
    demand_supported,
    in_order,
    repeatable,
)
from app.http.parsing import given_once


class Step(NamedTuple):
    """A function to be called, a dependency or the endpoint itself, and its arguments."""

    call: Callable[..., Awaitable[Any]]
    given: Mapping[str, Find]
    """Those that the request gives."""
    results: Sequence[tuple[str, int]]
    """Those that are results of other steps, by their indexes."""


class Endpoint:
    """Calls an endpoint that makes its response itself.

    All arguments that the request gives are found before anything is called. Then come the
    dependencies that use only the request, then all others, and the endpoint last.

    Args:
        signature: What FastAPI has read in its signature.

    Raises:
        UnsupportedSignature: It asks for something that only FastAPI can find.
    """

    def __init__(self, signature: Dependant) -> None:
        demand_supported(signature)
        demand_response(signature)
        called = list(in_order(signature, {}).values())
        called.sort(key=lambda dependant: dependant.call not in EARLY)
        if sum(len(dependant.body_params) for dependant in called) > 1:
            raise UnsupportedSignature(signature.call, "more than one body")
        indexes = {dependant.call: index for index, dependant in enumerate(called)}
        self._steps = [_step(dependant, indexes) for dependant in called]
        self._given = [
            (index, name, find)
            for index, step in enumerate(self._steps)
            for name, find in step.given.items()
        ]
        self._repeatable = repeatable(signature)

    async def __call__(self, request: Request) -> Response:
        """Answers a request.

        Raises:
            NotAsDeclared: An argument is missing or not valid.
            Invalid: A query parameter that holds no list is given several times.
        """
        query = {}
        if request.scope["query_string"]:
            parameters = request.query_params.multi_items()
            query = given_once(parameters, "query", self._repeatable)
        given = Input(request, query, request.scope["state"].get("body", b""))
        arguments: list[dict[str, Any]] = [{} for _ in self._steps]
        for index, name, find in self._given:
            arguments[index][name] = find(given)
        results: list[Any] = []
        for step, found in zip(self._steps, arguments, strict=True):
            for name, index in step.results:
                found[name] = results[index]
            results.append(await step.call(**found))
        response: Response = results[-1]
        return response


def _step(dependant: Dependant, indexes: Mapping[Any, int]) -> Step:
    """How a function is called, given the indexes of all others."""
    results = [
        (dependency.name, indexes[dependency.call])
        for dependency in dependant.dependencies
        if dependency.name
    ]
    return Step(async_call(dependant), finders(dependant), results)
