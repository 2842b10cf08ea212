"""The API's routes: one file per resource.

Each file has a ``router``; one of those that share a tag describes it as ``TAG``.
"""

from fastapi import APIRouter
from starlette.routing import Match
from starlette.types import Scope

from app.api.routes import health
from app.core.features import modules
from app.http.clients import API
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


class ApiRouter(APIRouter):
    """The router of all resources, to be included with `PREFIX`.

    Were the prefix given to the resources, FastAPI would look for empty paths when this router is
    included. For that it would build each route once more, ten times as much work as all else.
    """

    def __init__(self) -> None:
        super().__init__()
        for resource in RESOURCES:
            self.include_router(resource.router)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for a route of the API.

        FastAPI would compare a request for a page with each of the routes, which takes as long as
        a tenth of a page.
        """
        return super().matches(scope) if scope["path"].startswith(API) else (Match.NONE, {})
