"""Every answer that any test gets is what the documentation says it is."""

import json
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.routing import Match

from app.api.routes import RESOURCES
from app.db.models.notifications import NotificationPublic
from app.http.event_streams import EventStream
from app.http.headers import HEADERS
from app.http.problems import MEDIA_TYPE, Problem
from dev.events import events_in
from tests.operations import DOCUMENT

PREFIX = "/api/v1"
ROUTES = [
    route
    for resource in RESOURCES
    for route in resource.router.routes
    if isinstance(route, APIRoute)
]


def route_of(response: httpx.Response) -> APIRoute | None:
    """The route that has answered; None if a path has no route for the method."""
    if response.status_code == 405:
        return None
    path, method = response.request.url.path.removeprefix(PREFIX), response.request.method
    scope = {"type": "http", "path": path, "method": method, "root_path": ""}
    found = (route for route in ROUTES if route.path_regex.match(path))  # fast, but not exact
    return next((route for route in found if route.matches(scope)[0] is Match.FULL), None)


@cache
def adapter_of(model: Any) -> TypeAdapter[Any]:
    """Validates answers of a model."""
    return TypeAdapter(model)


async def check_response(response: httpx.Response) -> None:
    """Compares an answer with what its route declares."""
    await response.aread()
    assert response.headers["X-Request-ID"]
    if response.request.url.path.startswith("/api/"):
        assert "Set-Cookie" not in response.headers
        assert not response.has_redirect_location
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    if response.request.url.path.startswith("/api/"):
        assert response.headers["Cache-Control"] == "no-store"
    route = route_of(response)
    check_headers(response, route)
    if response.is_success:
        check_success(response, route)
    elif response.status_code == HTTPStatus.NOT_MODIFIED:
        assert response.content == b""
    elif response.request.method != "HEAD" and not is_page(response):
        check_problem(response, route)


def is_page(response: httpx.Response) -> bool:
    """Whether it is for people: outside of the API, where forms are answered in HTML."""
    of_api = response.request.url.path.startswith("/api/")
    media_type = response.headers.get("Content-Type", "text/html")  # of an empty redirect, too
    return not of_api and media_type.startswith("text/html")


def check_headers(response: httpx.Response, route: APIRoute | None) -> None:
    """Compares the headers of an answer with those that are documented."""
    if route is None:
        return
    operation = DOCUMENT["paths"][PREFIX + route.path_format][response.request.method.lower()]
    documented = operation["responses"][str(response.status_code)]["headers"].keys()
    sent = {name for name in HEADERS if name in response.headers}
    assert sent <= documented
    if response.is_success:
        assert sent >= documented & {"ETag", "Location"}


def check_success(response: httpx.Response, route: APIRoute | None) -> None:
    """Compares an answer with the declared model: nothing is missing, extra or of another form."""
    if route is None:
        return
    assert response.status_code == (route.status_code or 200)
    if response.status_code == 204:
        assert response.content == b""
        return
    if response.headers["Content-Type"].startswith(EventStream.media_type):
        check_events(response)
        return
    if response.headers["Content-Type"] in route.responses.get(200, {}).get("content", ()):
        return  # a file
    assert response.headers["Content-Type"] == "application/json"
    model = adapter_of(route.response_model)
    declared = model.dump_python(model.validate_json(response.content), mode="json")
    assert declared == response.json()


def check_events(response: httpx.Response) -> None:
    """Compares the events of an answer with the model of what they tell of."""
    for event in events_in(response.text.splitlines()):
        if event.type == "notification":
            told = NotificationPublic.model_validate_json(event.data)
            assert told.model_dump(mode="json") == json.loads(event.data)
            assert event.id == str(told.position)


def check_problem(response: httpx.Response, route: APIRoute | None) -> None:
    """Compares an error with the errors that the route declares."""
    assert response.headers["Content-Type"] == MEDIA_TYPE
    problem = Problem.model_validate_json(response.content)
    assert problem.status == response.status_code
    replayed = "Idempotency-Replayed" in response.headers  # then it is the id of the first
    assert replayed or problem.request_id == response.headers["X-Request-ID"]
    assert problem.detail
    challenged = response.status_code == 401 or problem.code == "insufficient_scope"
    assert challenged == ("WWW-Authenticate" in response.headers)
    if route is not None:
        documented = route.responses[response.status_code]["content"][MEDIA_TYPE]["examples"]
        assert problem.code in documented
