"""Two servers behind the proxy, and clients that reach them through it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from starlette.types import ASGIApp

from app.http.problems import Problem
from chaos.proxies import NAMES, Replica, proxy, replicas
from dev.certificates import make_certificate
from tests.factories.users import PASSWORD
from tests.server import dsn, settings_for
from tests.sockets import listening

PATIENCE = 60.0  # seconds, for machines that have much else to do
LARGEST = 128 * 1024
JSON = {"Content-Type": "application/json"}
SHOP = "https://shop.example"
LOGIN = {"Authorization": "Bearer made-up"}
SLOW = b"POST /api/v1/users HTTP/1.1\r\nHost: localhost\r\n"

Servers = tuple[Replica, Replica]


@pytest.fixture(scope="module")
async def servers(
    server: str, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Servers]:
    """Two servers on the database of the tests."""
    url = dsn(settings_for(server, database_name).sqlalchemy_url)
    async with replicas(tmp_path_factory.mktemp("servers"), url) as both:
        yield both


@asynccontextmanager
async def proxied(
    folder: Path, servers: Servers, **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client that reaches the servers through the proxy."""
    limits = httpx.Limits(max_connections=None)
    async with (
        proxy(folder, servers, **settings) as address,
        httpx.AsyncClient(
            base_url=address,
            timeout=PATIENCE,
            limits=limits,
            verify=False,  # noqa: S501 (its certificate is made up)
        ) as client,
    ):
        yield client


class Served(NamedTuple):
    """A server in this process, for the proxy."""

    address: str
    certificate: Path


@asynccontextmanager
async def behind_proxy(folder: Path, app: ASGIApp) -> AsyncIterator[str]:
    """The address of a proxy whose servers are both a service in this process."""
    certificate = make_certificate(folder, *NAMES)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, certificate.with_name("key"))
    async with listening(app, tls=tls) as port:
        server = Served(f"127.0.0.1:{port}", certificate)
        async with proxy(folder, (server, server)) as address:
            yield address


def check_problem(response: httpx.Response, status: int, code: str) -> None:
    """Holds what the proxy answers against what the service would."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = Problem.model_validate(response.json(), extra="forbid")
    assert (problem.status, problem.code, problem.type) == (status, code, f"urn:problem:{code}")
    assert problem.request_id == response.headers["X-Request-ID"]
    assert problem.instance == response.request.url.path
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


async def logged_in(client: httpx.AsyncClient, **headers: str) -> httpx.Response:
    """The answer to the login of a new user.

    Args:
        client: The client.
        headers: Further headers of the login.
    """
    name = f"u{uuid4().hex[:20]}"
    account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
    await client.post("/api/v1/users", json=account)
    login = {"username": name, "password": PASSWORD}
    return await client.post("/api/v1/auth/token", data=login, headers=headers)


def token_of(login: httpx.Response) -> dict[str, str]:
    """The header that shows who has logged in."""
    return {"Authorization": f"Bearer {login.json()['access_token']}"}


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def begin(client: httpx.AsyncClient, start: bytes) -> Connection:
    """Sends the start of a request."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(start)
    return reader, writer


async def answer_to(connection: Connection) -> bytes:
    """What comes before the other side has had enough."""
    reader, writer = connection
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return answer


async def until(
    status: int, ask: Callable[[], Coroutine[Any, Any, httpx.Response]]
) -> httpx.Response:
    """The first answer with a status."""
    async with asyncio.timeout(PATIENCE):
        while (response := await ask()).status_code != status:  # noqa: ASYNC110 (no notification)
            await asyncio.sleep(0.05)
    return response
