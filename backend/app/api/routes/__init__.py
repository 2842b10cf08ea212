"""The API's routes: one file per resource.

Each file has a ``router``; one of those that share a tag describes it as ``TAG``.
"""

from app.api.routes import health
from app.core.features import modules
from app.http.openapi import Tag
from app.http.transactions import PREFIX, TransactionalRoute

RESOURCES = modules(__name__)
TAGS: list[Tag] = [it.TAG for it in (*RESOURCES, health) if hasattr(it, "TAG")]
ROUTES = [
    (f"{PREFIX}{route.path}", route)
    for resource in RESOURCES
    for route in resource.router.routes
    if isinstance(route, TransactionalRoute)
]
"""The routes, each with its path in the service."""
