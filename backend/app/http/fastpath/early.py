"""Dependencies that use only the request: they are called before those that use the database."""

from collections.abc import Callable
from typing import Any, TypeVar

Called = TypeVar("Called", bound=Callable[..., Any])

EARLY: set[Callable[..., Any]] = set()


def early(dependency: Called) -> Called:
    """Marks a dependency that uses neither the database nor any other dependency."""
    EARLY.add(dependency)
    return dependency
