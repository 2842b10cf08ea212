"""The proxy in front of the service: HAProxy, with the configuration that is run for others."""

import asyncio
import re
import signal
from collections.abc import Awaitable, Sequence
from pathlib import Path

import httpx
import pytest

from app.http import streaming
from app.web.cookies import SESSION
from chaos import proxies
from chaos.proxies import NAMES, PROGRAM, UNLIMITED, Replica
from dev.certificates import make_certificate
from tests.events import listening_to
from tests.factories.browsers import PageShown
from tests.factories.users import Market, make_user
from tests.proxied import (
    LOGIN,
    PATIENCE,
    SLOW,
    Servers,
    answer_to,
    begin,
    behind_proxy,
    check_problem,
    logged_in,
    proxied,
    servers,
    token_of,
)

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")
__all__ = ["servers"]

OF_MEMBERS, OF_STRANGERS = 20, 6
"""How many requests each server is given at once: with a login, and without."""


async def seen(client: httpx.AsyncClient, **headers: str) -> tuple[str, bool]:
    """Where somebody seems to come from, and whether their connection is encrypted."""
    response = await logged_in(client, **headers)
    sessions = await client.get("/api/v1/users/me/sessions", headers=token_of(response))
    return sessions.json()["items"][0]["address"], "Strict-Transport-Security" in response.headers


@pytest.fixture
def always_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the proxy take servers for up, however long a busy machine keeps them stopped."""
    configuration = proxies.CONFIGURATION.read_text()
    patient = tmp_path / "haproxy.cfg"
    patient.write_text(configuration.replace(" fall 3 ", " fall 1000 "))
    assert patient.read_text() != configuration
    monkeypatch.setattr(proxies, "CONFIGURATION", patient)


@pytest.mark.committed
async def test_idle_streams_outlast_the_timeouts(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = proxies.CONFIGURATION.read_text()
    timeout = re.compile(r"timeout (client|server) ([0-9]+)s")
    assert all(int(seconds) > streaming.QUIET for _, seconds in timeout.findall(configuration))
    shorter = tmp_path / "haproxy.cfg"
    shorter.write_text(timeout.sub(r"timeout \1 1s", configuration))
    monkeypatch.setattr(proxies, "CONFIGURATION", shorter)
    monkeypatch.setattr(streaming, "QUIET", 0.3)
    monkeypatch.setattr(market.app.state.streams, "longest", streaming.LONGEST)
    headers = {"Authorization": f"Bearer {(await make_user(market)).token}"}
    async with (
        behind_proxy(tmp_path, market.app) as address,
        listening_to(f"{address}/api/v1/notifications/stream", headers) as stream,
    ):
        await asyncio.sleep(3)
        assert not stream.has_ended
        assert stream.parser.heartbeats > 1


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

    @pytest.mark.parametrize("cookie", [b"", b"Cookie: __Host-session=made-up\r\n"])
    async def test_with_forms_with_pictures_keep_no_member_waiting(
        self, servers: Servers, tmp_path: Path, cookie: bytes
    ) -> None:
        form = (
            b"POST /account/picture HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n"
        )
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            slow = [await begin(client, form + cookie + b"\r\n--b") for _ in range(2 * OF_MEMBERS)]
            await asyncio.sleep(1)
            response = await client.post("/api/v1/uploads", content=b"x", headers=LOGIN)
            assert response.status_code == 401
            for _, writer in slow:
                writer.close()

    async def test_with_bodies_of_any_size_keep_no_server_waiting(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        body = b"Content-Length: 120000\r\n\r\n" + b"x" * 60_000
        token = b"Authorization: Bearer made-up\r\n"
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            slow = [await begin(client, SLOW + more + body) for more in (b"", token) * 64]
            await asyncio.sleep(1)
            for headers in (LOGIN, {}):
                response = await client.get("/api/v1/users/me", headers=headers)
                assert response.status_code == 401
            for _, writer in slow:
                writer.close()


class TestOverload:
    @pytest.mark.usefixtures("always_up")
    @pytest.mark.parametrize(
        ("headers", "most"),
        [(LOGIN, OF_MEMBERS), ({"Cookie": f"{SESSION}=x"}, OF_MEMBERS), ({}, OF_STRANGERS)],
        ids=["members", "members with cookies", "strangers"],
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

    @pytest.mark.usefixtures("always_up")
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/api/v1/feed/cleanings?after=0&wait=20", 401),
            ("/api/v1/notifications/stream", 401),
            ("/api/v1/messages/photos/x", 401),
            ("/messages/photos/x", 404),
        ],
    )
    async def test_is_not_caused_by_requests_that_wait_for_events_or_for_slow_readers(
        self, servers: Servers, tmp_path: Path, path: str, status: int
    ) -> None:
        # Half of the places for others: they are not shared out to the servers evenly.
        paths = [path, path, "/healthz"] * OF_MEMBERS
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            for server in servers:
                server.signal(signal.SIGSTOP)
            try:
                requests = [asyncio.create_task(client.get(path, headers=LOGIN)) for path in paths]
                # Longer than they would queue.
                _, waiting = await asyncio.wait(requests, timeout=1.5)
                assert len(waiting) == len(paths)
            finally:
                for server in servers:
                    server.signal(signal.SIGCONT)
            answers = await asyncio.gather(*requests)
        assert [r.status_code for r in answers] == [status, status, 200] * OF_MEMBERS

    async def test_without_servers_is_a_problem_too(self, servers: Servers, tmp_path: Path) -> None:
        log = tmp_path / "proxy.log"
        async with proxied(tmp_path, servers, **UNLIMITED) as client:
            for server in servers:
                server.signal(signal.SIGSTOP)
            try:
                async with asyncio.timeout(PATIENCE):
                    while "no server" not in log.read_text():  # noqa: ASYNC110 (nothing notifies)
                        await asyncio.sleep(0.1)
                check_problem(await client.get("/healthz"), 503, "unavailable")
                page = await client.get("/jobs", headers={"Accept": "text/html"})
                assert (page.status_code, page.headers["Retry-After"]) == (503, "1")
                assert "The service is busy." in PageShown(page).text
            finally:
                for server in servers:
                    server.signal(signal.SIGCONT)


async def first(requests: Sequence[Awaitable[httpx.Response]], number: int) -> list[httpx.Response]:
    """As many answers as come first."""
    answers = asyncio.as_completed(requests, timeout=PATIENCE)
    return [await next(answers) for _ in range(number)]
