"""Who is believed about where a request comes from, and to which names the service answers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import Request
from httpx import AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from tests.clients import client_of

PROXY = "10.1.2.3"
SERVICE = "market.example"
HSTS = "Strict-Transport-Security"
FORWARDED = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}


@asynccontextmanager
async def served(sender: str = PROXY, **settings: Any) -> AsyncIterator[AsyncClient]:
    """A client of a service with these settings, which is connected from an address."""
    app = get_application(Settings(environment="development", **settings))

    @app.get("/seen")
    async def seen(request: Request) -> str:
        """Where the request seems to come from."""
        assert request.client
        return f"{request.url.scheme} {request.client.host}"

    async with client_of(app, f"http://{SERVICE}", client=(sender, 1234)) as client:
        yield client


class TestTrustedProxies:
    @pytest.mark.parametrize("sender", [PROXY, f"::ffff:{PROXY}"])
    async def test_are_believed(self, sender: str) -> None:
        async with served(sender, trusted_proxies="10.1.0.0/16") as client:
            response = await client.get("/seen", headers=FORWARDED)
            assert response.json() == "https 192.0.2.7"
            assert HSTS in response.headers

    @pytest.mark.parametrize("sender", ["10.2.0.1", "127.0.0.1", "::1"])
    async def test_are_no_others(self, sender: str) -> None:
        async with served(sender, trusted_proxies="10.1.0.0/16") as client:
            response = await client.get("/seen", headers=FORWARDED)
            assert response.json() == f"http {sender}"
            assert HSTS not in response.headers

    @pytest.mark.parametrize("sender", [PROXY, "127.0.0.1"])
    async def test_are_none_by_default(self, sender: str) -> None:
        async with served(sender) as client:
            response = await client.get("/seen", headers=FORWARDED)
            assert response.json() == f"http {sender}"
            assert HSTS not in response.headers

    async def test_are_not_asked_what_the_client_has_made_up(self) -> None:
        forwarded = {"X-Forwarded-For": "127.0.0.1, 192.0.2.7, 10.1.9.9"}
        async with served(trusted_proxies="10.1.0.0/16") as client:
            response = await client.get("/seen", headers=forwarded)
            assert response.json() == "http 192.0.2.7"


class TestHosts:
    @pytest.mark.parametrize(
        "host",
        [
            *(SERVICE, f"{SERVICE}:8443", SERVICE.upper(), "localhost:8000"),
            *(f"{SERVICE}.", f"{SERVICE}.:8443", "localhost.", "[::1]", "[::1]:8000"),
        ],
    )
    async def test_that_are_the_services_own_are_served(self, host: str) -> None:
        async with served(allowed_hosts=SERVICE) as client:
            response = await client.get("/healthz", headers={"Host": host})
            assert response.status_code == 200

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            f"evil.{SERVICE}",
            f"{SERVICE}.evil.example",
            f"{SERVICE}:x",
            *(f"{SERVICE}..", f".{SERVICE}", "::1", "[::1]x", "[::2]"),
            f"{SERVICE}@evil.example",
            "127.0.0.1.evil.example",
            "",
        ],
    )
    @pytest.mark.parametrize("path", ["/healthz", "/api/v1/users/me", "/docs", "/nowhere"])
    async def test_that_are_others_are_refused(self, host: str, path: str) -> None:
        async with served(allowed_hosts=SERVICE) as client:
            response = await client.get(path, headers={"Host": host})
            assert response.status_code == 400
            assert response.json()["code"] == "unknown_host"
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    async def test_that_are_two_are_refused(self) -> None:
        async with served(allowed_hosts=SERVICE) as client:
            response = await client.get("/seen", headers=[("Host", SERVICE), ("Host", "evil")])
            assert response.status_code == 400

    async def test_are_any_by_default(self) -> None:
        async with served() as client:
            response = await client.get("/healthz", headers={"Host": "evil.example"})
            assert response.status_code == 200
