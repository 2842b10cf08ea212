"""What FastAPI has read in the signature of an endpoint: its `Dependant`."""

from dataclasses import replace
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.security.base import SecurityBase
from starlette.responses import Response

from app.http.fastpath.early import EARLY


def in_order(dependant: Dependant, before: dict[Any, Dependant]) -> dict[Any, Dependant]:
    """Adds a function to those before it, behind all that it depends on; each is called once."""
    for dependency in dependant.dependencies:
        if dependency.call not in before:
            in_order(dependency, before)
    before[dependant.call] = dependant
    return before


def needs_login(dependant: Dependant) -> bool:
    """Whether a route, or something that it depends on, asks who the caller is."""
    return isinstance(dependant.call, SecurityBase) or any(map(needs_login, dependant.dependencies))


def only_checked(dependant: Dependant) -> Dependant:
    """The same arguments of a function that does nothing, if it would not only look at them."""
    return replace(
        dependant,
        call=dependant.call if dependant.call in EARLY else do_nothing,
        dependencies=[only_checked(dependency) for dependency in dependant.dependencies],
    )


async def do_nothing(**_: Any) -> Response:
    """Takes any arguments."""
    return Response()
