"""The proxy in front of the service: HAProxy, with the configuration that is run for others."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.http.problems import Problem
from chaos.proxies import NAMES, PROGRAM, UNLIMITED, Replica, proxy, replicas
from dev.certificates import make_certificate
from tests.factories.users import PASSWORD
from tests.server import dsn, settings_for

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")

PATIENCE = 60.0  # seconds, for machines that have much else to do
OF_MEMBERS, OF_STRANGERS = 20, 6
"""How many requests each server is given at once: with a login, and without."""
LARGEST = 128 * 1024
JSON = {"Content-Type": "application/json"}
SHOP = "https://shop.example"
LOGIN = {"Authorization": "Bearer whatever"}
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


async def seen(client: httpx.AsyncClient, **headers: str) -> tuple[str, bool]:
    """Where somebody seems to come from, and whether their connection is encrypted."""
    name = f"u{uuid4().hex[:20]}"
    account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
    await client.post("/api/v1/users", json=account)
    login = {"username": name, "password": PASSWORD}
    response = await client.post("/api/v1/auth/token", data=login, headers=headers)
    token = {"Authorization": f"Bearer {response.json()['access_token']}"}
    sessions = (await client.get("/api/v1/users/me/sessions", headers=token)).json()
    return sessions["items"][0]["address"], "Strict-Transport-Security" in response.headers


class TestForwarding:
    async def test_tells_the_service_who_asks(self, servers: Servers, tmp_path: Path) -> None:
        made_up = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
        async with proxied(tmp_path, servers, TRUSTED_PROXIES="192.0.2.1") as client:
            assert await seen(client, **made_up) == ("127.0.0.1", False)

    async def test_believes_the_proxies_that_are_trusted(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        told = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7", "X-Forwarded-Proto": "https"}
        async with proxied(tmp_path, servers, TRUSTED_PROXIES="10.0.0.0/8 127.0.0.1") as client:
            assert await seen(client, **told) == ("192.0.2.7", True)

    async def test_keeps_the_id_of_a_request(self, servers: Servers, tmp_path: Path) -> None:
        async with proxied(tmp_path, servers) as client:
            for given, kept in (("mine-1", True), ("not mine", False)):
                response = await client.get("/healthz", headers={"X-Request-ID": given})
                assert (response.headers["X-Request-ID"] == given) is kept

    async def test_may_be_encrypted(self, servers: Servers, tmp_path: Path) -> None:
        certificate = make_certificate(tmp_path, "localhost")
        pem = tmp_path / "both"
        pem.write_bytes(certificate.read_bytes() + certificate.with_name("key").read_bytes())
        made_up = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "http"}
        async with proxied(tmp_path, servers, TLS_CERTIFICATE_FILE=str(pem)) as client:
            assert await seen(client, **made_up) == ("127.0.0.1", True)
            with pytest.raises(httpx.TransportError):
                await client.get(str(client.base_url).replace("https", "http"))


class TestServers:
    async def test_do_not_answer_in_the_clear(self, servers: Servers) -> None:
        async with httpx.AsyncClient() as client:
            for server in servers:
                with pytest.raises(httpx.TransportError):
                    await client.get(f"http://{server.address}/healthz")

    @pytest.mark.parametrize(
        ("names", "known", "asked"),
        [(NAMES[::-1], True, True), (NAMES, False, False), (NAMES[1:], True, False)],
        ids=["known", "unknown", "named like another"],
    )
    async def test_are_asked_if_they_show_their_own_certificate(
        self, servers: Servers, tmp_path: Path, *, names: Sequence[str], known: bool, asked: bool
    ) -> None:
        a, b = servers
        certificate = make_certificate(tmp_path, *names)
        trusted = tmp_path / "trusted"
        trusted.write_bytes(
            b.certificate.read_bytes() + (certificate.read_bytes() if known else b"")
        )
        other = Replica(tmp_path, a.database_url, certificate, LOG_LEVEL="info")
        try:
            await other.start()
            settings = {"SERVICE_CERTIFICATE_FILE": str(trusted)}
            async with proxied(tmp_path, (other, b), **settings) as client:
                for _ in range(10):
                    assert (await client.get("/api/v1/cleanings")).status_code == 401
        finally:
            other.close()
        assert ("/api/v1/cleanings" in other.log.read_text()) is asked


class TestTooMany:
    async def test_requests_of_an_address_are_refused(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        async with proxied(tmp_path, servers, REQUESTS_PER_ADDRESS="5") as client:
            for _ in range(5):
                assert (await client.get("/healthz")).status_code == 200
            response = await client.get("/api/v1/cleanings?q=x")
            check_problem(response, 429, "too_many_requests")
            assert response.headers["Retry-After"] == "10"
            assert response.headers["RateLimit-Policy"] == '"requests_per_address";q=5;w=10'
            assert response.headers["RateLimit"] == '"requests_per_address";r=0;t=10'

    @pytest.mark.parametrize(
        ("address", "status"),
        [("2001:db8::2", 429), ("2001:db8:0:1::1", 200), ("192.0.2.7", 200)],
    )
    async def test_are_those_of_one_site(
        self, servers: Servers, tmp_path: Path, address: str, status: int
    ) -> None:
        async with proxied(tmp_path, servers, REQUESTS_PER_ADDRESS="2") as client:
            for last in ("1", "3"):
                await client.get("/healthz", headers={"X-Forwarded-For": f"2001:db8::{last}"})
            response = await client.get("/healthz", headers={"X-Forwarded-For": address})
            assert response.status_code == status

    async def test_writes_are_refused_and_reads_are_not(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        async with proxied(tmp_path, servers, WRITES_PER_ADDRESS="3") as client:
            for _ in range(3):
                assert (await client.post("/api/v1/cleanings")).status_code == 401
            response = await client.post("/api/v1/cleanings")
            check_problem(response, 429, "too_many_requests")
            assert response.headers["Retry-After"] == "60"
            assert (await client.get("/healthz")).status_code == 200

    @pytest.mark.parametrize("size", [LARGEST, LARGEST + 1])
    @pytest.mark.parametrize("chunked", [True, False])
    async def test_bytes_of_a_body_are_refused(
        self, servers: Servers, tmp_path: Path, *, size: int, chunked: bool
    ) -> None:
        async def parts() -> AsyncIterator[bytes]:
            yield b"x" * size

        async with proxied(tmp_path, servers) as client:
            content = parts() if chunked else b"x" * size
            response = await client.post("/api/v1/users", content=content, headers=JSON)
            check_problem(response, 413, "content_too_large")

    async def test_requests_at_once_are_refused(self, servers: Servers, tmp_path: Path) -> None:
        most = {"REQUESTS_AT_ONCE_PER_ADDRESS": "5"}
        async with proxied(tmp_path, servers, **UNLIMITED | most) as client:
            others: list[Connection] = []

            async def one_more() -> httpx.Response:
                # The proxy has several threads: of requests sent before, some may come later.
                others.append(await begin(client, SLOW + b"Content-Length: 9\r\n\r\n{"))
                return await client.get("/healthz")

            response = await until(429, one_more)
            check_problem(response, 429, "too_many_requests")
            assert response.headers["Retry-After"] == "1"
            elsewhere = {"X-Forwarded-For": "192.0.2.7"}
            assert (await client.get("/healthz", headers=elsewhere)).status_code == 200
            for _, writer in others:
                writer.close()
            await until(200, lambda: client.get("/healthz"))

    async def test_connections_are_refused(self, servers: Servers, tmp_path: Path) -> None:
        settings = UNLIMITED | {"CONNECTIONS_PER_ADDRESS": "5", "TRUSTED_PROXIES": "192.0.2.1"}
        async with proxied(tmp_path, servers, **settings) as client:
            idle = [await begin(client, b"") for _ in range(5)]
            await asyncio.sleep(0.2)
            with pytest.raises(httpx.TransportError):
                await client.get("/healthz")
            for _, writer in idle:
                writer.close()
            await asyncio.sleep(0.2)
            assert (await client.get("/healthz")).status_code == 200

    async def test_refusals_can_be_read_by_pages_of_known_origins(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        settings = {"REQUESTS_PER_ADDRESS": "1", "CORS_ORIGINS": f"https://a.example, {SHOP}/"}
        async with proxied(tmp_path, servers, **settings) as client:
            await client.get("/healthz")
            response = await client.get("/healthz", headers={"Origin": SHOP})
            check_problem(response, 429, "too_many_requests")
            exposed = response.headers["Access-Control-Expose-Headers"]
            assert {"Retry-After", "RateLimit", "RateLimit-Policy"} <= set(exposed.split(", "))
            asking = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
            asking["Access-Control-Request-Headers"] = "authorization"
            preflight = await client.options("/api/v1/users", headers=asking)
            assert preflight.status_code == 204
            assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
            assert preflight.headers["Access-Control-Allow-Headers"] == "authorization"
            for answer in (response, preflight):
                assert answer.headers["Access-Control-Allow-Origin"] == SHOP
                assert answer.headers["Access-Control-Allow-Credentials"] == "true"
                assert answer.headers["Vary"] == "Origin"

    @pytest.mark.parametrize("origin", [{}, {"Origin": "https://evil.example"}, {"Origin": "none"}])
    @pytest.mark.parametrize("origins", [{}, {"CORS_ORIGINS": SHOP}])
    async def test_refusals_can_be_read_by_no_others(
        self, servers: Servers, tmp_path: Path, origin: dict[str, str], origins: dict[str, str]
    ) -> None:
        async with proxied(tmp_path, servers, REQUESTS_PER_ADDRESS="1", **origins) as client:
            await client.get("/healthz")
            response = await client.get("/healthz", headers=origin)
            check_problem(response, 429, "too_many_requests")
            assert "Access-Control-Allow-Origin" not in response.headers

    async def test_bytes_of_headers_are_refused_by_the_service(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        async with proxied(tmp_path, servers) as client:
            response = await client.get("/healthz", headers={"X-Large": "x" * 33_000})
            assert response.json()["code"] == "headers_too_large"

    async def test_refusals_are_logged_without_what_was_asked(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        async with proxied(tmp_path, servers, REQUESTS_PER_ADDRESS="1") as client:
            await client.get("/healthz")
            await client.get("/secret?q=secret", headers={"X-Request-ID": "to-be-found"})
        (line,) = [
            line for line in (tmp_path / "proxy.log").read_text().splitlines() if "refused" in line
        ]
        assert '"request_id":"to-be-found","method":"GET","status":429' in line
        assert "secret" not in line


class TestSlowClients:
    @pytest.mark.parametrize("start", [SLOW, SLOW + b'Content-Length: 9\r\n\r\n{"a'])
    async def test_keep_nobody_waiting(
        self, servers: Servers, tmp_path: Path, start: bytes
    ) -> None:
        served = False
        async with proxied(tmp_path, servers, **UNLIMITED) as client, asyncio.timeout(PATIENCE):
            while not served:  # a busy machine may have no time for a request while slow ones wait
                slow = [
                    asyncio.create_task(answer_to(await begin(client, start))) for _ in range(250)
                ]
                assert (await client.get("/readyz")).status_code == 200
                served = not any(task.done() for task in slow)
                answers = await asyncio.gather(*slow)
                assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)

    async def test_with_bodies_of_any_size_keep_no_server_waiting(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        body = b"Content-Length: 120000\r\n\r\n" + b"x" * 60_000
        token = b"Authorization: Bearer whatever\r\n"
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            slow = [await begin(client, SLOW + more + body) for more in (b"", token) * 64]
            await asyncio.sleep(1)
            for headers in (LOGIN, {}):
                response = await client.get("/api/v1/users/me", headers=headers)
                assert response.status_code == 401
            for _, writer in slow:
                writer.close()


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
        while (response := await ask()).status_code != status:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.05)
    return response


class TestOverload:
    @pytest.mark.parametrize(
        ("headers", "most"), [(LOGIN, OF_MEMBERS), ({}, OF_STRANGERS)], ids=["members", "strangers"]
    )
    async def test_is_refused_quickly_and_the_rest_is_answered(
        self, servers: Servers, tmp_path: Path, headers: dict[str, str], most: int
    ) -> None:
        excess = 50
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            for server in servers:
                server.signal(signal.SIGSTOP)
            try:
                requests = [
                    asyncio.create_task(client.get("/healthz", headers=headers))
                    for _ in range(2 * most + excess)
                ]
                refused = await first(requests, excess)
            finally:
                for server in servers:
                    server.signal(signal.SIGCONT)
            answers = await asyncio.gather(*requests)
        for response in refused:
            check_problem(response, 503, "unavailable")
            assert response.headers["Retry-After"] == "1"
            assert response.elapsed.total_seconds() < 5
        assert [r.status_code for r in answers].count(200) == 2 * most

    async def test_without_servers_is_a_problem_too(self, servers: Servers, tmp_path: Path) -> None:
        log = tmp_path / "proxy.log"
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            for server in servers:
                server.signal(signal.SIGSTOP)
            try:
                async with asyncio.timeout(PATIENCE):
                    while "no server" not in log.read_text():  # noqa: ASYNC110 (nobody tells)
                        await asyncio.sleep(0.1)
                check_problem(await client.get("/healthz"), 503, "unavailable")
            finally:
                for server in servers:
                    server.signal(signal.SIGCONT)


async def first(requests: Sequence[Awaitable[httpx.Response]], number: int) -> list[httpx.Response]:
    """As many answers as come first."""
    answers = asyncio.as_completed(requests, timeout=PATIENCE)
    return [await next(answers) for _ in range(number)]
