"""The argument solver finds what FastAPI would find, and refuses what it does not support."""

from collections.abc import AsyncIterator, Callable
from dataclasses import field, make_dataclass
from enum import StrEnum
from typing import Annotated, Any

import pytest
from fastapi import (
    APIRouter,
    Cookie,
    Depends,
    FastAPI,
    Header,
    Query,
    Response,
)
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant
from httpx import ASGITransport, AsyncClient

from app.api import server
from app.api.routes import ROUTES
from app.core.config import Settings
from app.http.errors import leave_errors
from app.http.fastpath.dispatcher import Dispatcher, tree_of
from app.http.fastpath.signatures import UnsupportedSignature, demand_supported
from app.http.fastpath.solver import Endpoint
from app.http.load_shedding import Share
from app.http.middleware import EnvelopeMiddleware, ErrorsMiddleware
from app.http.transactions import PREFIX, TransactionalRoute
from tests.http.endpoint_parts import Search, by_two
from tests.http.unsupported_endpoints import UNSUPPORTED, with_background_tasks


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


router = APIRouter(route_class=TransactionalRoute)


@router.get("/loose")
async def loose(
    limit: Annotated[int, Query(ge=1)],
    doubled: Annotated[int, Depends(by_two)],
    since: Annotated[int, Query(default_factory=lambda: 7)],
    colour: Annotated[list[Colour], Query(alias="color")] = [],  # noqa: B006 (FastAPI copies it)
    most: int | None = None,
) -> Response:
    return Response(f"{limit} {doubled} {colour} {since} {most}")


@router.get("/cookies")
async def cookies(
    taste: Annotated[str, Cookie()],
    weight: Annotated[int, Cookie(le=9)] = 1,
    x_size: Annotated[int | None, Header()] = None,
) -> Response:
    return Response(f"{taste} {weight} {x_size}")


@router.get("/model")
async def model(search: Annotated[Search, Query()]) -> Response:
    return Response(repr(search))


@pytest.fixture
async def clients() -> AsyncIterator[tuple[AsyncClient, AsyncClient]]:
    """Clients of a small service with the fast path, and without it."""
    found = []
    for fast in (True, False):
        app = FastAPI()
        leave_errors(app)
        app.include_router(router, prefix=PREFIX)
        app.state.strangers = Share(10)
        if fast:
            routes = [it for it in router.routes if isinstance(it, TransactionalRoute)]
            app.add_middleware(Dispatcher, root=tree_of((PREFIX + it.path, it) for it in routes))
        app.add_middleware(ErrorsMiddleware, page=lambda _, __, problem: problem)
        app.add_middleware(EnvelopeMiddleware, slow=1.0, metrics=None)
        found.append(AsyncClient(transport=ASGITransport(app), base_url="http://test/api/v1"))
    async with found[0], found[1]:
        yield found[0], found[1]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/loose?limit=3", {}, 200),
        ("/loose?limit=3&factor=4&color=red&color=blue&most=9", {}, 200),
        ("/loose?limit=3&color=red&since=2", {}, 200),
        ("/loose?limit=3&color=pink", {}, 422),
        ("/loose?limit=3&limit=4", {}, 422),
        ("/loose?limit=0", {}, 422),
        ("/loose?limit=", {}, 422),
        ("/loose?most=1", {}, 422),
        ("/loose?limit=1&unknown=1&unknown=2", {}, 422),
        ("/cookies", {"Cookie": "taste=sweet; weight=3"}, 200),
        ("/cookies", {"Cookie": "taste=", "X-Size": "7"}, 200),
        ("/cookies", {"Cookie": "weight=3"}, 422),
        ("/cookies", {"Cookie": "taste=sour; weight=10"}, 422),
        ("/cookies", {"Cookie": "taste=sour", "X-Size": "large"}, 422),
        ("/model", {}, 200),
        ("/model?tag=a&tag=b&most=2", {}, 200),
        ("/model?tag=a", {}, 200),
        ("/model?tag=a&tag=b&tag=c", {}, 422),
        ("/model?most=1&most=2", {}, 422),
    ],
)
async def test_arguments_are_those_that_fastapi_finds(
    clients: tuple[AsyncClient, AsyncClient], path: str, headers: dict[str, str], status: int
) -> None:
    fast, slow = [await client.get(path, headers=headers) for client in clients]
    assert fast.status_code == slow.status_code == status
    if status == 200:
        assert fast.text == slow.text
    else:
        assert fast.json()["errors"] == slow.json()["errors"]


@pytest.mark.parametrize("endpoint", UNSUPPORTED)
def test_an_endpoint_that_asks_for_something_else_is_refused(endpoint: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedSignature, match="FAST_PATH=false"):
        Endpoint(get_dependant(path="/", call=endpoint))


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/{most:int}", {}),
        ("/{most}.json", {}),
        ("/a-{most}", {}),
        ("/{most}", {"max_body_size": 9}),
    ],
)
def test_a_route_that_only_fastapi_supports_is_refused(path: str, options: dict[str, Any]) -> None:
    odd = APIRouter(route_class=TransactionalRoute)

    @odd.get(path, **options)
    async def read(most: int) -> Response:
        return Response(f"{most}")

    routes = [(path, route) for route in odd.routes if isinstance(route, TransactionalRoute)]
    with pytest.raises(UnsupportedSignature, match=r"read uses .* FAST_PATH=false"):
        tree_of(routes)


def test_a_field_that_a_later_version_of_fastapi_adds_is_refused() -> None:
    later = make_dataclass(
        "Later", [("quota", int | None, field(default=None))], bases=(Dependant,)
    )
    message = r"test_solver\.model uses Dependant\.quota .* FAST_PATH=false"
    with pytest.raises(UnsupportedSignature, match=message):
        demand_supported(later(call=model))


def test_the_service_does_not_start_with_an_unsupported_endpoint(
    own_database: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = APIRouter(route_class=TransactionalRoute)
    odd.get("/odd")(with_background_tasks)
    (route,) = odd.routes
    monkeypatch.setattr(server, "ROUTES", [*ROUTES, ("/api/v1/odd", route)])
    with pytest.raises(SystemExit) as ended:
        server.get_application(own_database.model_copy(update={"fast_path": True}))
    assert ended.value.code == server.STARTUP_FAILURE
    assert "with_background_tasks uses background_tasks_param_name" in capsys.readouterr().err
    server.get_application(own_database.model_copy(update={"fast_path": False}))
