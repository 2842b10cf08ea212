"""The errors of use cases: declared once beside the code, and documented by the routes."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from app.core.errors import MarketplaceError

P = ParamSpec("P")
R = TypeVar("R")

Raising = type[MarketplaceError] | Callable[..., object]
"""An error, or a use case whose errors are meant."""

DECLARED: dict[Callable[..., object], tuple[type[MarketplaceError], ...]] = {}
"""The use cases that declare errors, with these."""


def errors_of(*raising: Raising) -> tuple[type[MarketplaceError], ...]:
    """Replaces use cases by the errors that they declare. Each error is returned once, in order.

    Raises:
        TypeError: A use case declares no errors.
    """
    found: dict[type[MarketplaceError], None] = {}
    for one in raising:
        if isinstance(one, type) and issubclass(one, MarketplaceError):
            found[one] = None
        elif one in DECLARED:
            found |= dict.fromkeys(DECLARED[one])
        else:
            raise TypeError(f"{one!r} needs a declaration of its errors: @raises(...)")
    return tuple(found)


def raises(*raising: Raising) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declares the errors of a use case, for the documentation of the routes that call it.

    `Unauthenticated`, `Invalid` and `Unavailable`, which every request can end in, are left out.

    Args:
        raising: The errors, and other use cases whose errors it passes on.
    """

    def declare(use_case: Callable[P, R]) -> Callable[P, R]:
        DECLARED[use_case] = errors_of(*raising)
        return use_case

    return declare
