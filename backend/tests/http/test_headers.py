"""The headers that every answer carries."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from tests.factories.users import Market, make_user

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


class TestEveryAnswer:
    @pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/v1/users/me", "/openapi.json"])
    async def test_tells_browsers_to_be_careful(self, market: Market, path: str) -> None:
        response = await market.client.get(f"http://test{path}")
        assert {name: response.headers[name] for name in SAFE} == SAFE

    @pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
    async def test_that_is_a_page_may_use_its_own_scripts(self, market: Market, path: str) -> None:
        page = await market.client.get(f"http://test{path}")
        within = re.findall(r"(?s)<script(?![^>]* src=)[^>]*>(.*?)</script>", page.text)
        hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in within]
        policy = page.headers["Content-Security-Policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'self'"
        assert rules["script-src"].split() == ["'self'", *(f"'sha256-{it}'" for it in hashes)]
        for rule in ("frame-ancestors", "base-uri", "form-action", "object-src"):
            assert rules[rule] == "'none'"
        assert ("'unsafe-inline'" in policy) == (path == "/redoc")  # for its styles
        assert not re.search(r"<[^>]* on\w+=|javascript:", page.text)


class TestHead:
    @pytest.mark.parametrize("path", ["/healthz", "/docs", "/api/v1/users/me", "/api/v1/cleanings"])
    async def test_is_answered_as_get_is_but_without_a_body(
        self, market: Market, path: str
    ) -> None:
        user = await make_user(market)
        got, head = [await user.request(method, f"http://test{path}") for method in ("GET", "HEAD")]
        assert head.status_code == got.status_code == 200
        assert head.content == b""
        del got.headers["X-Request-ID"], head.headers["X-Request-ID"]
        assert head.headers == got.headers

    async def test_is_refused_as_get_is(self, market: Market) -> None:
        assert (await market.client.head("/users/me")).status_code == 401
        assert (await market.client.head("/nowhere")).status_code == 404

    async def test_is_allowed_only_where_get_is(self, market: Market) -> None:
        response = await market.client.head("/auth/token")
        assert response.status_code == 405
        assert response.headers["Allow"] == "POST, DELETE"
        response = await market.client.put("/users/me")
        assert response.headers["Allow"] == "HEAD, GET, PATCH, DELETE"


class TestWhatIsKept:
    async def test_of_the_api_is_nothing(self, market: Market) -> None:
        user = await make_user(market)
        for response in (await user.get("/users/me"), await user.get("/nowhere")):
            assert response.headers["Cache-Control"] == "no-store"

    async def test_of_the_documentation_is_up_to_the_browser(self, market: Market) -> None:
        assert "Cache-Control" not in (await market.client.get("http://test/docs")).headers


class TestEncryption:
    @pytest.mark.parametrize("path", ["/", "/healthz", "/docs", "/nowhere", "/api/v1/users/me"])
    async def test_is_demanded_from_then_on(self, market: Market, path: str) -> None:
        response = await market.client.get(f"https://test{path}")
        assert response.headers["Strict-Transport-Security"] == (
            "max-age=31536000; includeSubDomains"
        )

    async def test_is_not_spoken_of_without_it(self, market: Market) -> None:
        response = await market.client.get("http://test/healthz")
        assert "Strict-Transport-Security" not in response.headers
