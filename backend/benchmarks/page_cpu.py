"""The CPU time of pages in the service, without HTTP and other processes.

``python -m benchmarks.page_cpu`` updates docs/performance.md.
"""

import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import uvloop
from rich.console import Console
from starlette.types import ASGIApp, Message, Scope

from app.api.server import get_application
from app.core.collection import collection_set_up
from app.core.config import Settings
from benchmarks.data import Market, load
from benchmarks.databases import connected
from benchmarks.report import PAGE, Row, markdown, print_table, replace
from benchmarks.server import running_server
from benchmarks.services import SECRET

JOBS = 10_000
BATCHES, BATCH = 60, 10
"""What other programs disturb takes only longer, so the least of many short batches counts."""
JOB = "SELECT id FROM cleanings WHERE status = 'open' ORDER BY md5(id::text) LIMIT 1"
HEADERS = {"host": "127.0.0.1", "accept": "text/html", "accept-encoding": "gzip"}


def scope_of(path: str) -> Scope:
    """The request of a page by a visitor, as a server passes it to the application."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in HEADERS.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }


async def milliseconds(app: ASGIApp, path: str) -> float:
    """CPU time of a page, in a process that has answered it before."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message.get("status", HTTPStatus.OK) != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {message}")

    async def batch() -> float:
        begun = time.process_time()
        for _ in range(BATCH):
            await app(scope_of(path), receive, send)
        return (time.process_time() - begun) / BATCH * 1e3

    return min([await batch() for _ in range(BATCHES)])


async def measure(market: Market) -> dict[str, float]:
    """CPU time of the pages in milliseconds, by their titles."""
    async with connected(market.url) as connection:
        job = await connection.fetchval(JOB)
    pages = {
        "page of 20 jobs": "/jobs",
        "page of 20 packages": "/packages",
        "page of a job": f"/jobs/{job}",
        "start page": "/",
    }
    with collection_set_up():
        app: Any = get_application(
            Settings(
                environment="production",
                secret_key=SECRET,
                database_url=market.url,
                languages="en,de",
                log_level="warning",
            )
        )
    async with app.router.lifespan_context(app):
        return {title: await milliseconds(app, path) for title, path in pages.items()}


def rows(found: dict[str, float]) -> Iterator[Row]:
    """The results as a table."""
    yield "", "CPU time, ms"
    for title, value in found.items():
        yield title, f"{value:.1f}"


def main() -> None:
    """Measures, prints the results, and updates docs/performance.md."""
    with running_server() as server:
        market = load(server, JOBS)
        found = [*rows(uvloop.run(measure(market)))]
    print_table(Console(), found)
    replace(PAGE, "page cpu", markdown(found))


if __name__ == "__main__":
    main()
