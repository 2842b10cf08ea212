"""How a request finds its endpoint."""

from collections.abc import Iterable
from typing import NamedTuple

from fastapi.params import Form
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.endpoints import Endpoint, NotAsDeclared
from app.api.errors import wrong_method
from app.api.transactions import Handler, TransactionalRoute
from app.core.errors import UnsupportedMediaType

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Target(NamedTuple):
    """Where a request may lead."""

    route: TransactionalRoute
    parameters: list[str]
    media_type: str | None
    """The format of its body, if it has any."""
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


class Dispatcher:
    """Finds the endpoint of a request segment by segment, where FastAPI tries route after route.

    FastAPI still handles all that is not found here: its own pages, and whatever is wrong with a
    request.

    Args:
        app: What handles the others.
        routes: The routes, with the path that each has in the service.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[tuple[str, TransactionalRoute]]) -> None:
        self.app = app
        self._root = Place()
        for path, route in routes:
            place, parameters = self._root, []
            for segment in path.split("/"):
                place = place.beyond(segment)
                if segment.startswith("{"):
                    parameters.append(segment.strip("{}"))
            handle = route.in_transaction(Endpoint(route.dependant))
            target = Target(route, parameters, media_type_of(route), handle)
            place.path = path
            place.targets |= dict.fromkeys(route.methods or (), target)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection.

        Raises:
            MarketplaceError: What is asked for can't be done.
        """
        place = self._find(scope) if scope["type"] == "http" else None
        if place is None or scope["app"].dependency_overrides:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        target = place.targets.get(scope["method"])
        if target is None:
            await wrong_method(request, place.targets)(scope, receive, send)
            return
        demand_media_type(request, target.media_type)
        try:
            response = await target.handle(request)
        except NotAsDeclared as error:
            await self.app(scope, _again(error.body, receive), send)
            return
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> Place | None:
        place, values = self._root, []
        for segment in scope["path"].split("/"):
            beyond = place.named.get(segment)
            if beyond is None:
                beyond = place.any
                if beyond is None or not segment:
                    return None
                values.append(segment)
            place = beyond
        if not place.targets:
            return None
        scope["path_template"] = place.path
        target = place.targets.get(scope["method"])
        if target:
            scope["route"] = target.route
            scope["path_params"] = dict(zip(target.parameters, values, strict=True))
        return place


def media_type_of(route: TransactionalRoute) -> str | None:
    """The format that a route wants its body to have, if it reads any."""
    if route.body_field is None:
        return None
    return FORM if isinstance(route.body_field.field_info, Form) else JSON


def demand_media_type(request: Request, wanted: str | None) -> None:
    """Refuses a body of another format than the one that is wanted.

    Raises:
        UnsupportedMediaType: It is said to be of another format.
    """
    if wanted is None:
        return
    said = request.headers.get("content-type")
    if said is None:
        return
    kind = said.partition(";")[0].strip().lower()
    if kind == wanted or (wanted == JSON and kind.endswith("+json")):
        return
    if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
        raise UnsupportedMediaType(f"The body must be {wanted}; mind its Content-Type.")


def _again(body: bytes | None, receive: Receive) -> Receive:
    """Lets somebody else read a body that was read before."""
    if body is None:
        return receive
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return messages.pop() if messages else await receive()

    return receive_again
