"""The search for known vulnerabilities, with vulnerability data of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from dev.audit import REQUIREMENTS, audit
from dev.postgres import free_port
from tests.server import BACKEND

VULNERABILITY = {
    "id": "PYSEC-2030-1",
    "summary": "It leaks.",
    "modified": "2030-01-01T00:00:00Z",
    "published": "2030-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "leaky", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0.1"}]},
            ],
            "versions": ["1.0.0"],
        }
    ],
}


@contextmanager
def vulnerability_data(answer: dict[str, Any], status: int = 200) -> Iterator[str]:
    """Yields the address of a server that has the same answer for every question."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: Any) -> None:
            """Keeps still."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """A file that requires one thing."""
    file = tmp_path / "requirements.txt"
    file.write_text(f"leaky==1.0.0 --hash=sha256:{'0' * 64}\n")
    return file


class TestAnAudit:
    def test_fails_when_something_is_found(
        self, requirements: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with vulnerability_data({"vulns": [VULNERABILITY]}) as data:
            assert audit(requirements, data) == 1
        assert "PYSEC-2030-1" in capfd.readouterr().out

    def test_succeeds_when_nothing_is_found(self, capfd: pytest.CaptureFixture[str]) -> None:
        with vulnerability_data({}) as data:
            assert audit(BACKEND / REQUIREMENTS, data) == 0
        assert "skipped" not in capfd.readouterr().out

    def test_fails_when_the_requirements_are_not_pinned(self, requirements: Path) -> None:
        requirements.write_text("leaky\n")
        with vulnerability_data({}) as data:
            assert audit(requirements, data) == 1

    def test_says_when_nobody_can_be_asked(
        self, requirements: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert audit(requirements, f"http://127.0.0.1:{free_port()}") == 0
        assert "audit skipped" in capfd.readouterr().out

    def test_says_when_something_else_answers(
        self, requirements: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with vulnerability_data({}, status=503) as data:
            assert audit(requirements, data) == 0
        assert "audit skipped" in capfd.readouterr().out
