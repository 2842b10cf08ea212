"""The router of the pages."""

from collections.abc import Iterable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.config import Settings
from app.http.clients import wants_page
from app.http.errors import METHODS, not_found, wrong_method
from app.web.answering import answer, answer_route
from app.web.assets import serve_asset
from app.web.discovery import Discovery
from app.web.live import live_route
from app.web.message_photos import message_photo_route
from app.web.pages import ROUTES, SAID
from app.web.routing import PageRoute
from app.web.sites import Site
from app.web.visits import Visit
from app.web.words import page_of_problem


def router_of(settings: Settings) -> ASGIApp:
    """The pages of a market."""
    site = Site(settings, SAID)
    by_path: dict[str, dict[str, PageRoute]] = {}
    for route in ROUTES:
        by_path.setdefault(route.path, {})[route.method] = route
    routes = [_route(site, path, methods) for path, methods in by_path.items()]

    async def asset(request: Request) -> Response:
        return await serve_asset(request, site.logo)

    assets = Route("/static/{name}", asset, methods=["GET"])

    async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await _refuse(request, site, not_found(request))
        await response(scope, receive, send)

    return _by_place(
        [*routes, *Discovery(site).routes, live_route(site), message_photo_route(site), assets],
        unknown,
    )


def _by_place(routes: Iterable[Route], unknown: ASGIApp) -> ASGIApp:
    """A router that compares a path with the routes of the same first segment only.

    Args:
        routes: The routes.
        unknown: Answers all other paths.
    """
    places: dict[str, list[Route]] = {}
    for route in routes:
        places.setdefault(route.path.split("/")[1], []).append(route)
    routers = {
        place: Router(there, redirect_slashes=False, default=unknown)
        for place, there in places.items()
    }

    async def answer_at(scope: Scope, receive: Receive, send: Send) -> None:
        router = routers.get(scope["path"].split("/", 2)[1], unknown)
        await router(scope, receive, send)

    return answer_at


def _route(site: Site, path: str, methods: dict[str, PageRoute]) -> Route:
    async def endpoint(request: Request) -> Response:
        route = methods.get(request.method)
        if route is None:
            return await _refuse(request, site, wrong_method(request, methods))
        request.scope["path_template"] = path
        return await answer(request, site, partial(answer_route, route=route))

    return Route(path, endpoint, methods=METHODS)


async def _refuse(request: Request, site: Site, problem: Response) -> Response:
    """Answers with a problem as a page; programs get it as it is."""
    if not wants_page(request):
        return problem

    async def show(visit: Visit) -> Response:
        return page_of_problem(visit, problem)

    return await answer(request, site, show)
