"""Limits of the proxy: requests, connections and bytes of an address."""

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from app.core.catalogues import LANGUAGES, SOURCE, catalogue_of, direction
from app.web.cookies import LANGUAGE
from chaos.proxies import PROGRAM, UNLIMITED
from tests.events import listening_to
from tests.factories.browsers import HEADERS, PageShown
from tests.proxied import (
    JSON,
    LARGEST,
    SHOP,
    SLOW,
    Connection,
    Servers,
    begin,
    check_problem,
    logged_in,
    proxied,
    servers,
    token_of,
    until,
)

ID = "019a0000-0000-7000-8000-000000000000"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")
__all__ = ["servers"]


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

    @pytest.mark.parametrize(
        "path",
        [
            *("/api/v1/uploads", "/account/picture", f"/jobs/{ID}/photos"),
            *(f"/packages/{ID}/photos", f"/messages/{ID}/{ID}/photos"),
        ],
    )
    async def test_bytes_of_pictures_are_passed_on(
        self, servers: Servers, tmp_path: Path, path: str
    ) -> None:
        async with proxied(tmp_path, servers) as client:
            headers = {"Content-Type": "image/jpeg", "Sec-Fetch-Site": "same-origin"}
            response = await client.post(path, content=b"x" * (LARGEST + 1), headers=headers)
            assert response.status_code == 401

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

    async def test_streams_are_refused_apart_from_other_requests(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        most = {"STREAMS_PER_ADDRESS": "2", "REQUESTS_AT_ONCE_PER_ADDRESS": "1"}
        async with proxied(tmp_path, servers, **UNLIMITED | most) as client, AsyncExitStack() as it:
            token = token_of(await logged_in(client))
            path = "/api/v1/notifications/stream"
            for _ in range(2):
                await it.enter_async_context(listening_to(f"{client.base_url}{path}", token))
            check_problem(await client.get(path, headers=token), 429, "too_many_requests")
            assert (await client.get("/healthz")).status_code == 200

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
                assert "Access-Control-Allow-Credentials" not in answer.headers
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

    @pytest.mark.parametrize(("destination", "can_be_closed"), [("document", 0), ("empty", 1)])
    async def test_refusals_are_pages_for_browsers(
        self, servers: Servers, tmp_path: Path, destination: str, can_be_closed: int
    ) -> None:
        browser = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Dest": destination}
        async with proxied(tmp_path, servers, REQUESTS_PER_ADDRESS="1") as client:
            await client.get("/healthz")
            response = await client.get("/jobs/--><b>?q=secret", headers=browser)
            problem = await client.get("/api/v1/cleanings", headers=browser)
        check_problem(problem, 429, "too_many_requests")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "10")
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        page = PageShown(response)
        assert page.ids == ["busy"]
        assert f"Request {response.headers['X-Request-ID']}" in page.text
        assert response.text.count("data-close") == can_be_closed
        assert response.text.count("-->") == 1
        for style in re.findall("<style>(.*)</style>", response.text):
            digest = b64encode(sha256(style.encode()).digest()).decode()
            assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]

    async def test_refusals_are_in_the_language_of_the_browser(
        self, servers: Servers, tmp_path: Path
    ) -> None:
        accepted = [({"Accept-Language": f"xx, {it}-ZZ;q=0.9, en;q=0.1"}, it) for it in LANGUAGES]
        chosen = [({"Accept-Language": "fr", "Cookie": f"{LANGUAGE}={it}"}, it) for it in LANGUAGES]
        otherwise: list[tuple[dict[str, str], str]] = [
            ({}, SOURCE),
            ({"Cookie": f"{LANGUAGE}=xx"}, SOURCE),
        ]
        async with proxied(tmp_path, servers, REQUESTS_PER_ADDRESS="1") as client:
            await client.get("/healthz")
            for headers, language in (*accepted, *chosen, *otherwise):
                page = PageShown(await client.get("/jobs", headers={**HEADERS, **headers}))
                assert page.attributes == {"lang": language, "dir": direction(language)}
                words = catalogue_of(language).gettext
                for text in (
                    "Back in a moment",
                    "The service is busy.",
                    "Please try again in a moment.",
                ):
                    assert words(text) in page.text
                named = words("Request %(id)s") % {"id": page.response.headers["X-Request-ID"]}
                assert named in page.text

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
