"""How a request finds its endpoint, and what it must show on its way there.

In this order: a token, which needs no database yet; the format of the body, and the body itself;
the parameters in the path, the query and the headers, and what stands in the body. Only then is
the database asked for anything.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from fastapi.params import Form
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import UnsupportedMediaType
from app.http.bodies import BodyLimit, once_more, read_body
from app.http.errors import not_found, wrong_method
from app.http.fastpath.solver import Endpoint, NotAsDeclared
from app.http.middleware import API
from app.http.transactions import Handler, TransactionalRoute

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Target(NamedTuple):
    """Where a request may lead."""

    route: TransactionalRoute
    parameters: list[tuple[str, int]]
    """The parameters of its path, and in which segments they stand."""
    needs_login: bool
    media_type: str | None
    """The format of its body, if it takes any."""
    body: BodyLimit
    answer_seconds: float
    handle: Handler


class Place:
    """A place in the tree of paths, where routes may end and from where others go on."""

    def __init__(self) -> None:
        self.path: str | None = None
        self.targets: dict[str, Target] = {}
        self.named: dict[str, Place] = {}
        self.any: Place | None = None

    def beyond(self, segment: str) -> "Place":
        """The place behind a segment of a route's path, such as `offers` or `{offer_id}`."""
        if not segment.startswith("{"):
            return self.named.setdefault(segment, Place())
        self.any = self.any or Place()
        return self.any

    def settle(self) -> None:
        """Has whatever is found behind any segment be found behind those that have a name, too.

        Where a route with that name ends, though, only such routes do (OpenAPI 3.1, 4.8.8.1).
        """
        for beyond in self.named.values():
            if self.any:
                beyond.add(self.any)
            beyond.settle()
        if self.any:
            self.any.settle()

    def add(self, other: "Place") -> None:
        """Adds the routes of another place, except where this one has its own."""
        if not self.targets:
            self.path, self.targets = other.path, other.targets
        for segment, beyond in other.named.items():
            self.beyond(segment).add(beyond)
        if other.any:
            self.any = self.any or Place()
            self.any.add(other.any)


class Dispatcher:
    """Finds the endpoint of a request segment by segment, where FastAPI tries route after route.

    FastAPI still handles its own pages, and tells what is wrong with a request.

    Args:
        app: What handles the others.
        routes: The routes, with the path that each has in the service.
        demand_token: Refuses a request without a good token, as far as that shows without the
            database, and returns whether the caller is known for certain.
    """

    def __init__(
        self,
        app: ASGIApp,
        routes: Iterable[tuple[str, TransactionalRoute]],
        demand_token: Callable[[Request], bool],
    ) -> None:
        self.app = app
        self._demand_token = demand_token
        self._root = Place()
        for path, route in routes:
            place, parameters = self._root, []
            for number, segment in enumerate(path.split("/")):
                place = place.beyond(segment)
                if segment.startswith("{"):
                    parameters.append((segment.strip("{}"), number))
            handle = route.in_transaction(Endpoint(route.dependant))
            target = Target(
                route,
                parameters,
                route.needs_login,
                media_type_of(route),
                route.body_limit,
                route.answer_seconds,
                handle,
            )
            place.path = path
            place.targets |= dict.fromkeys(route.methods or (), target)
        self._root.settle()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection.

        Raises:
            MarketplaceError: What is asked for can't be done.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, place = Request(scope, receive, send), self._find(scope)
        if place is None:
            if scope["path"].startswith(API):  # FastAPI takes "/users/me\n" for "/users/me"
                await not_found(request)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
            return
        target = place.targets.get(scope["method"])
        if target is None:
            await wrong_method(request, place.targets)(scope, receive, send)
            return
        state = scope["state"]
        state["answer_seconds"] = target.answer_seconds
        is_known = target.needs_login and self._demand_token(request)
        if target.media_type and state.get("has_body"):
            demand_media_type(request, target.media_type)
            state["body"] = await read_body(scope, receive, target.body)
        if is_known:
            response = await self._answer(request, target)
        else:
            with scope["app"].state.strangers:
                response = await self._answer(request, target)
        await response(scope, receive, send)

    async def _answer(self, request: Request, target: Target) -> ASGIApp:
        """The answer to a request, or FastAPI, which tells what is wrong with it."""
        if not request.scope["app"].dependency_overrides:
            try:
                return await target.handle(request)
            except NotAsDeclared:
                pass
        return self._fastapi

    async def _fastapi(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = scope["state"].get("body")
        await self.app(scope, receive if body is None else once_more(body, receive), send)

    def _find(self, scope: Scope) -> Place | None:
        place, segments = self._root, scope["path"].split("/")
        for segment in segments:
            beyond = place.named.get(segment)
            if beyond is None:
                beyond = place.any
                if beyond is None or not segment:
                    return None
            place = beyond
        if not place.targets:
            return None
        scope["path_template"] = place.path
        target = place.targets.get(scope["method"])
        if target:
            scope["route"] = target.route
            scope["path_params"] = {name: segments[number] for name, number in target.parameters}
        return place


def media_type_of(route: TransactionalRoute) -> str | None:
    """The format that a route wants its body to have, if it reads any."""
    if route.body_field is None:
        return None
    return FORM if isinstance(route.body_field.field_info, Form) else JSON


def demand_media_type(request: Request, wanted: str) -> None:
    """Refuses a body of another format than the one that is wanted.

    Raises:
        UnsupportedMediaType: It is said to be of another format.
    """
    said = request.headers.get("content-type")
    if said is None:
        return
    kind = said.partition(";")[0].strip().lower()
    if kind == wanted or (wanted == JSON and kind.endswith("+json")):
        return
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        raise UnsupportedMediaType(f"The body must be {wanted}; mind its Content-Type.")
