"""The traces of requests, as whoever collects them gets them."""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from app.core.observability.logging import configure_logging, current_trace_id
from app.core.observability.tracing import tracing
from dev.certificates import make_certificate
from dev.postgres import free_port
from tests.clients import client_of
from tests.collector import Collector, attributes, collector
from tests.factories.users import Market, make_user
from tests.server import BACKEND, dsn

TRACE = "0af7651916cd43dd8448eb211c80319c"
KEPT, NOT_KEPT = (f"00-{TRACE}-b7ad6b7169203331-{flags}" for flags in ("01", "00"))
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def collected() -> Iterator[Collector]:
    """Somebody who collects traces."""
    with collector() as it:
        yield it


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    """Lets no trace go on in the next test."""
    yield
    current_trace_id.set(None)
    configure_logging(Settings(environment="development"))


@asynccontextmanager
async def traced(app: FastAPI, address: str, **settings: Any) -> AsyncIterator[Market]:
    """A service whose traces are collected; all have been when the block is over."""
    service = get_application(
        Settings(
            secret_key="x" * 32,
            database_url=dsn(app.state.engine.url),
            otel_exporter_otlp_endpoint=address,
            **settings,
        )
    )
    async with service.router.lifespan_context(service), client_of(service) as client:
        yield Market(service, client)


@pytest.mark.committed
class TestATrace:
    async def test_shows_a_write_its_transaction_and_its_statements(
        self, app: FastAPI, collected: Collector
    ) -> None:
        async with traced(app, collected.address) as market:
            user = await make_user(market)
            answer = await user.patch("/profiles/me", {"bio": "secret words"})
        (request,) = collected.named("PATCH /api/v1/profiles/me")
        assert request.trace_id.hex() == answer.headers["X-Trace-ID"]
        assert request.kind == request.SPAN_KIND_SERVER
        assert attributes(request) == {
            "http.request.method": "PATCH",
            "http.route": "/api/v1/profiles/me",
            "http.response.status_code": 200,
        }
        (transaction,) = collected.within(request)
        assert transaction.name == "transaction"
        begin, *statements, commit = collected.within(transaction)
        assert [begin.name, commit.name] == ["BEGIN", "COMMIT"]
        texts = {attributes(span)["db.query.text"]: span for span in statements}
        (update,) = (span for text, span in texts.items() if "UPDATE profiles" in text)
        assert attributes(update)["db.system.name"] == "postgresql"
        assert "bio=$3" in attributes(update)["db.query.text"]
        assert transaction.start_time_unix_nano <= update.start_time_unix_nano
        assert update.end_time_unix_nano <= transaction.end_time_unix_nano

    async def test_shows_a_read_and_its_statement(self, app: FastAPI, collected: Collector) -> None:
        async with traced(app, collected.address) as market:
            user = await make_user(market)
            await user.get("/feed/cleanings")
        (request,) = collected.named("GET /api/v1/feed/cleanings")
        assert [span.name for span in collected.within(request)] == ["SELECT"]

    async def test_shows_how_a_statement_failed_but_not_with_which_values(
        self, app: FastAPI, collected: Collector
    ) -> None:
        async with traced(app, collected.address) as market:
            user = await make_user(market)
            other = await make_user(market)
            answer = await user.patch("/users/me", {"username": other.username})
        assert answer.status_code == 409
        (failed,) = (
            span for span in collected.spans if "db.response.status_code" in attributes(span)
        )
        assert attributes(failed)["error.type"] == "UniqueViolationError"
        assert attributes(failed)["db.response.status_code"] == "23505"
        assert failed.status.code == failed.status.STATUS_CODE_ERROR
        assert not failed.events
        sent = b"".join(body for *_, body in collected.exports)
        assert other.username.encode() not in sent

    async def test_is_that_of_the_caller(self, app: FastAPI, collected: Collector) -> None:
        async with traced(app, collected.address) as market:
            for header in (KEPT, "00-nonsense-01"):
                await market.client.get("http://test/healthz", headers={"traceparent": header})
        first, second = collected.named("GET /healthz")
        assert first.trace_id.hex() == TRACE
        assert first.parent_span_id.hex() == "b7ad6b7169203331"
        assert second.trace_id.hex() != TRACE
        assert second.parent_span_id == b""

    async def test_stands_in_the_log(
        self, app: FastAPI, collected: Collector, capfd: Capture
    ) -> None:
        async with traced(app, collected.address) as market:
            answer = await market.client.get("/users/me")
            (line,) = map(json.loads, capfd.readouterr().out.splitlines())
        assert line["trace_id"] == answer.headers["X-Trace-ID"]
        assert line["request_id"] == answer.headers["X-Request-ID"]

    @pytest.mark.parametrize("known", [True, False])
    async def test_is_told_a_collector_that_is_known(
        self, app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, known: bool
    ) -> None:
        certificate = make_certificate(tmp_path, "localhost")
        for before in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # each would count for more
            monkeypatch.delenv(before, raising=False)
        if known:
            monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", str(certificate))
        with collector(certificate) as encrypted:
            async with traced(app, encrypted.address) as market:
                await market.client.get("http://test/healthz")
        assert len(encrypted.named("GET /healthz")) == known

    async def test_says_who_made_it_to_whoever_may_collect_it(
        self, app: FastAPI, collected: Collector
    ) -> None:
        headers = {"otel_exporter_otlp_headers": "authorization=Bearer%20let-me-in"}
        async with traced(app, collected.address, otel_service_name="Mill Lane", **headers) as it:
            await it.client.get("http://test/healthz")
        (path, sent, body), *_ = collected.exports
        assert path == "/v1/traces"
        assert {name.lower(): sent[name] for name in sent}["authorization"] == "Bearer let-me-in"
        assert b"Mill Lane" in body


@pytest.mark.committed
class TestWhatIsKept:
    @pytest.mark.parametrize("header", [None, KEPT])
    async def test_is_the_part_that_is_wanted(
        self, app: FastAPI, collected: Collector, header: str | None
    ) -> None:
        headers = {"traceparent": header} if header else {}
        async with traced(app, collected.address, otel_traces_sampler_arg=0.0) as market:
            answer = await market.client.get("http://test/healthz", headers=headers)
        assert len(answer.headers["X-Trace-ID"]) == 32
        assert collected.spans == []

    async def test_is_not_what_the_caller_does_not_keep(
        self, app: FastAPI, collected: Collector
    ) -> None:
        async with traced(app, collected.address) as market:
            await market.client.get("http://test/healthz", headers={"traceparent": NOT_KEPT})
        assert collected.spans == []


class TestWithoutACollector:
    async def test_nothing_is_traced(self, client: AsyncClient) -> None:
        answer = await client.get("http://test/healthz", headers={"traceparent": KEPT})
        assert "X-Trace-ID" not in answer.headers

    def test_nothing_is_imported(self) -> None:
        program = (
            "import sys; from app.api.server import get_application; get_application();"
            "print(sorted(sys.modules))"
        )
        result = subprocess.run(  # noqa: S603 (a command of our own)
            [sys.executable, "-c", program],
            cwd=BACKEND,
            env={"SECRET_KEY": "x" * 32, "DATABASE_URL": "postgresql://anna@/jobs"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "'app.core.observability.tracing'" in result.stdout
        for module in ("opentelemetry.sdk", "opentelemetry.exporter", "prometheus_client"):
            assert f"'{module}'" not in result.stdout

    def test_or_what_exports_to_it_the_service_does_not_start(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "app.core.observability.spans", raising=False)
        monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
        settings = Settings(environment="development", otel_exporter_otlp_endpoint="http://it:4318")
        with (
            pytest.raises(RuntimeError, match=r"requirements-tracing\.txt are not installed"),
            tracing.exported(settings),
        ):
            pass

    @pytest.mark.committed
    async def test_that_answers_the_service_works_and_stops(self, app: FastAPI) -> None:
        async with traced(app, f"http://127.0.0.1:{free_port()}") as market:
            assert (await market.client.get("http://test/healthz")).status_code == 200
            begun = time.monotonic()
        assert time.monotonic() - begun < 20
