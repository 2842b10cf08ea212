"""What the service writes into its log, and what never."""

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.core.config import Settings
from app.core.observability.logging import configure_logging
from app.core.security.api_keys import new_api_key
from dev.postgres import free_port
from tests.canary import Canary, get_application
from tests.clients import client_of
from tests.collector import collector
from tests.contract import check_response
from tests.factories.api_keys import make_api_key
from tests.factories.sessions import expire
from tests.factories.users import Market, make_user, market_from
from tests.server import BACKEND, PATIENT, settings_for

SECRET = "the secret of the canary's installation"
START_TIMEOUT = 60.0  # seconds
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def verbose(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Has all libraries say whatever they can, but the client's."""
    caplog.set_level(logging.DEBUG)
    for client in ("httpx", "httpcore"):
        caplog.set_level(logging.WARNING, client)
    yield
    configure_logging(Settings(environment="development"))


def for_others(market: Market, **settings: Any) -> FastAPI:
    """A service for others, which has the database of the market."""
    settings = {**PATIENT, **settings}
    app = get_application(Settings(secret_key=SECRET, postgres_password="unused", **settings))
    app.state.database = market.app.state.database
    return app


@asynccontextmanager
async def served(market: Market, **settings: Any) -> AsyncIterator[AsyncClient]:
    """A client of a service for others, at its root."""
    async with client_of(for_others(market, **settings), "http://test") as client:
        yield client


@contextmanager
def image(server: str, database: str, log: Path, **settings: str) -> Iterator[str]:
    """The address of a service that is started as its image starts it, and logs to a file."""
    *_, command = re.findall(
        r"^CMD (\[[^]]*\])$", (BACKEND / "Dockerfile").read_text(), re.MULTILINE
    )
    program, _, *options = json.loads(command.replace("\\\n", ""))
    url, port = settings_for(server, database).database_url, free_port()
    assert url
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 (a command of our own)
            [
                sys.executable,
                "-m",
                program,
                "tests.canary:get_application",
                *options,
                f"--port={port}",
            ],
            cwd=BACKEND,
            env={
                "PATH": os.environ["PATH"],
                "DATABASE_URL": url.get_secret_value(),
                "SECRET_KEY": SECRET,
                "LOG_LEVEL": "debug",
                **settings,
            },
            stdout=output,
            stderr=output,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def started(log: Path) -> None:
    """Waits until a service says that it takes requests."""
    async with asyncio.timeout(START_TIMEOUT):
        while "Application startup complete" not in log.read_text():  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.05)


def last_line(capfd: Capture) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(capfd.readouterr().out.splitlines()[-1])
    return line


def check(canary: Canary, log: str) -> None:
    """Makes sure that a log tells of each request, and no secret."""
    lines = [json.loads(line) for line in log.splitlines()]
    told = Counter((line.get("request_id"), line["event"], line.get("status")) for line in lines)
    for answer in canary.answers:
        request_id = answer.headers["X-Request-ID"]
        assert told[request_id, "request", answer.status_code] == 1
        assert told[request_id, "internal_error", None] == (answer.status_code == 500)
    assert [secret for secret in (*canary.secrets, SECRET) if secret in log] == []


class TestSecrets:
    async def test_are_told_to_nobody(self, market: Market, capfd: Capture) -> None:
        async with served(market, log_level="debug") as client:
            canary = Canary(client)
            await canary.sing()
        said = capfd.readouterr()
        check(canary, said.out)
        assert said.err == ""

    @pytest.mark.committed
    @pytest.mark.usefixtures("app")
    async def test_are_told_to_nobody_by_the_image(
        self, server: str, database_name: str, tmp_path: Path
    ) -> None:
        log = tmp_path / "log"
        with (
            collector() as collected,
            image(
                server,
                database_name,
                log,
                METRICS_TOKEN=SECRET,
                OTEL_EXPORTER_OTLP_ENDPOINT=collected.address,
            ) as address,
        ):
            await started(log)
            async with AsyncClient(
                base_url=address, event_hooks={"response": [check_response]}
            ) as client:
                canary = Canary(client)
                await canary.sing()
                forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
                answer = await client.get("/healthz", headers=forwarded)
                assert "Strict-Transport-Security" not in answer.headers
                assert (await client.head("/healthz")).status_code == 200
                headers = {"Authorization": f"Bearer {SECRET}"}
                metrics = (await client.get("/metrics", headers=headers)).text
        check(canary, log.read_text())
        traces = b"".join(body for *_, body in collected.exports).decode(errors="replace")
        assert "/api/v1/auth/token" in metrics
        assert "/api/v1/auth/token" in traces
        told = metrics + traces
        assert [secret for secret in (*canary.secrets, SECRET) if secret in told] == []


class TestTheLineOfARequest:
    @pytest.mark.parametrize(
        ("method", "path", "template", "status"),
        [
            ("GET", "/redoc", "/redoc", 200),
            ("POST", "/healthz", "/healthz", 405),
            ("GET", "/api/v1/cleanings/5?q=5", "/api/v1/cleanings/{cleaning_id}", 401),
            ("POST", "/api/v1/auth/token", "/api/v1/auth/token", 422),
            ("DELETE", "/api/v1/cleanings", "/api/v1/cleanings", 405),
            ("GET", "/api/v1/nowhere", None, 404),
            ("GET", "/docs", "/docs", 200),
            ("HEAD", "/docs", "/docs", 200),
        ],
    )
    async def test_says_what_was_asked_and_how_it_was_answered(
        self, market: Market, capfd: Capture, method: str, path: str, template: str, status: int
    ) -> None:
        async with served(market) as client:
            answer = await client.request(method, path)
        (line,) = map(json.loads, capfd.readouterr().out.splitlines())
        assert line.pop("time").endswith("Z")
        assert 0 < line.pop("milliseconds") < 10_000
        assert line == {
            "level": "info",
            "event": "request",
            "logger": "app.access",
            "request_id": answer.headers["X-Request-ID"],
            "method": method,
            "path": template,
            "status": status,
            "actor_id": None,
            "network": "127.0.0.0/24",
        }

    @pytest.mark.parametrize(
        ("address", "network"),
        [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48")],
    )
    async def test_says_who_asked_and_from_which_network(
        self, market: Market, capfd: Capture, address: str, network: str
    ) -> None:
        user = await make_user(market_from(Market(for_others(market), market.client), address))
        await user.get("/users/me")
        line = last_line(capfd)
        assert (line["actor_id"], line["network"]) == (str(user.id), network)
        assert address not in json.dumps(line)

    async def test_says_who_was_refused(self, market: Market, capfd: Capture) -> None:
        here = market_from(Market(for_others(market), market.client), "203.0.113.77")
        user = await make_user(here)
        program = (await make_api_key(here, user, scopes=["read:feed"])).program
        ended = await make_user(here)
        await expire(here, ended.token)
        for actor, path, status in (
            (user, "/admin/users", 403),
            (program, "/offers", 403),
            (program, "/users/me", 403),
            (ended, "/users/me", 401),
        ):
            assert (await actor.get(path)).status_code == status
            line = last_line(capfd)
            assert (line["status"], line["actor_id"]) == (status, str(actor.id))

    async def test_names_nobody_whose_token_is_not_genuine(
        self, market: Market, capfd: Capture
    ) -> None:
        here = market_from(Market(for_others(market), market.client), "203.0.113.77")
        stranger = await make_user(market)  # with a token that another installation has signed
        key = (await make_api_key(here)).data["key"]
        for token in (stranger.token, f"{key}x", new_api_key()):
            headers = {"Authorization": f"Bearer {token}"}
            assert (await here.client.get("/feed/cleanings", headers=headers)).status_code == 401
            assert last_line(capfd)["actor_id"] is None

    async def test_is_left_out_where_a_probe_is_content(
        self, market: Market, capfd: Capture
    ) -> None:
        app = for_others(market)
        async with client_of(app, "http://test") as client:
            for path in ("/healthz", "/readyz"):
                assert (await client.get(path)).status_code == 200
            assert capfd.readouterr().out == ""
            app.state.draining = True
            assert (await client.get("/readyz")).status_code == 503
        lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
        told = [(line["path"], line["status"]) for line in lines if line["event"] == "request"]
        assert told == [("/readyz", 503)]

    async def test_is_a_warning_if_it_took_long(self, market: Market, capfd: Capture) -> None:
        async with served(market, log_level="warning", slow_request_ms=0.001) as client:
            await client.get("/healthz")
        (line,) = map(json.loads, capfd.readouterr().out.splitlines())
        assert line["level"] == "warning"
        assert line["event"] == "request"
        assert line["path"] == "/healthz"

    async def test_is_left_out_where_only_warnings_are_wanted(
        self, market: Market, capfd: Capture
    ) -> None:
        async with served(market, log_level="warning", slow_request_ms=1e9) as client:
            await client.get("/healthz")
            await client.post("/broken/anna", json={})
        (line,) = map(json.loads, capfd.readouterr().out.splitlines())
        assert line["event"] == "internal_error"
