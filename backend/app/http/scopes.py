"""Scopes of API keys: the one needed for a route."""

from collections.abc import Sequence
from typing import Any

from app.db.models.kinds import Scope

SCOPES = {scope.value: scope for scope in Scope.all()}
SCHEME = "ApiKey"
"""The name of the security scheme."""


def scope_needed(tags: Sequence[Any], *, reads: bool) -> Scope | None:
    """The scope needed for a route; None if the route is closed to keys.

    Args:
        tags: The tags of the route. Resources without a scope are closed to keys.
        reads: Whether the route only reads.
    """
    return SCOPES.get(":".join(("read" if reads else "write", *map(str, tags))))


def key_will_do(scope: Scope) -> dict[str, Any]:
    """The OpenAPI security of an operation that accepts a login or a key with a scope."""
    return {"security": [{SCHEME: [scope.value]}]}
