"""The router of the fast path: a tree of path segments in place of FastAPI's list of patterns.

A request is checked in this order: its token, without the database; the media type of its body, and
the body itself (`admission.py`); the parameters of path, query and headers, and the content of the
body. Only then is the database used.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.admission import Conditions, answer_admitted
from app.http.clients import API
from app.http.errors import not_found, wrong_method
from app.http.fastpath.arguments import NotAsDeclared
from app.http.fastpath.signatures import UnsupportedSignature
from app.http.fastpath.solver import Endpoint
from app.http.transactions import Handler, TransactionalRoute


class Target(NamedTuple):
    """A route that requests may be dispatched to."""

    route: TransactionalRoute
    parameters: list[tuple[str, int]]
    """The parameters of its path, each with the index of its segment."""
    conditions: Conditions
    handle: Handler


class Node:
    """A node of the tree: the routes that end here by method, and the nodes below by segment."""

    def __init__(self) -> None:
        self.path: str | None = None
        self.targets: dict[str, Target] = {}
        self.children: dict[str, Node] = {}
        self.wildcard: Node | None = None

    def child(self, segment: str) -> "Node":
        """The node of a segment of a route's path, such as `offers` or `{offer_id}`."""
        if not segment.startswith("{"):
            return self.children.setdefault(segment, Node())
        self.wildcard = self.wildcard or Node()
        return self.wildcard

    def expand(self) -> None:
        """Adds the routes below the wildcard to the named children, so that no search backtracks.

        A named child with routes of its own keeps only those: a concrete path takes precedence
        (OpenAPI 3.1, 4.8.8.1).
        """
        for child in self.children.values():
            if self.wildcard:
                child.merge(self.wildcard)
            child.expand()
        if self.wildcard:
            self.wildcard.expand()

    def merge(self, other: "Node") -> None:
        """Adds the routes of another node where this one has none."""
        if not self.targets:
            self.path, self.targets = other.path, other.targets
        for segment, child in other.children.items():
            self.child(segment).merge(child)
        if other.wildcard:
            self.wildcard = self.wildcard or Node()
            self.wildcard.merge(other.wildcard)


def tree_of(routes: Iterable[tuple[str, TransactionalRoute]]) -> Node:
    """Makes the tree of all routes, each given with its path in the service.

    Raises:
        UnsupportedSignature: The fast path does not support something that a route uses.
    """
    root = Node()
    for path, route in routes:
        if route.max_body_size is not None:
            raise UnsupportedSignature(route.endpoint, "max_body_size")
        node, parameters = root, []
        for index, segment in enumerate(path.split("/")):
            if "{" in segment:
                parameters.append((parameter_of(segment, route), index))
            node = node.child(segment)
        handle = route.in_transaction(Endpoint(route.called)) if route.on_fast_path else leave
        target = Target(route, parameters, route.conditions, handle)
        node.path = path
        node.targets |= dict.fromkeys(route.methods or (), target)
    root.expand()
    return root


async def leave(_: Request) -> Response:
    """Leaves a request to FastAPI.

    Raises:
        NotAsDeclared: Always.
    """
    raise NotAsDeclared


def parameter_of(segment: str, route: TransactionalRoute) -> str:
    """The name of the parameter that fills a segment of a path.

    Raises:
        UnsupportedSignature: The segment has a converter, or other text.
    """
    name = segment[1:-1]
    if not name.isidentifier():
        raise UnsupportedSignature(route.endpoint, f"the path segment {segment}")
    return name


class Dispatcher:
    """Routes requests of the API and calls their endpoints with the argument solver.

    FastAPI handles all other paths, says what is wrong with an invalid request, and calls endpoints
    while dependencies are overridden.

    Args:
        app: FastAPI.
        root: The tree of the routes.
    """

    def __init__(self, app: ASGIApp, root: Node) -> None:
        self.app, self._root = app, root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection.

        Raises:
            MarketplaceError: The request is refused.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, node = Request(scope, receive, send), self._find(scope)
        if node is None:
            if scope["path"].startswith(API):
                await not_found(request)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
            return
        target = node.targets.get(scope["method"])
        if target is None:
            await wrong_method(request, node.targets)(scope, receive, send)
            return
        response: ASGIApp = self.app
        if not scope["app"].dependency_overrides:
            with suppress(NotAsDeclared):
                response = await answer_admitted(request, target.conditions, target.handle)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> Node | None:
        node, segments = self._root, scope["path"].split("/")
        for segment in segments:
            child = node.children.get(segment)
            if child is None:
                child = node.wildcard
                if child is None or not segment:
                    return None
            node = child
        if not node.targets:
            return None
        scope["path_template"] = node.path
        target = node.targets.get(scope["method"])
        if target:
            scope["route"] = target.route
            scope["path_params"] = {name: segments[index] for name, index in target.parameters}
        return node
