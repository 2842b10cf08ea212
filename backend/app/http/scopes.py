"""What programs may do: which scope an API key needs for a route."""

from collections.abc import Sequence
from typing import Any

from app.db.models.kinds import Scope

SCOPES = {scope.value: scope for scope in Scope.all()}
SCHEME = "ApiKey"
"""What keys are called in the documentation."""


def scope_needed(tags: Sequence[Any], *, reads: bool) -> Scope | None:
    """The scope that a key needs for a route; None if no key will do.

    Args:
        tags: The resource that the route belongs to. One that no scope names is closed to keys.
        reads: Whether the route does no more than that.
    """
    return SCOPES.get(":".join(("read" if reads else "write", *map(str, tags))))


def key_will_do(scope: Scope) -> dict[str, Any]:
    """Says of an operation, in OpenAPI, that a key with a scope will do as well as a login."""
    return {"security": [{SCHEME: [scope.value]}]}
