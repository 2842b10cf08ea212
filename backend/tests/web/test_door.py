"""The door for people opens with the first request for a page."""

import subprocess
import sys

from tests.server import BACKEND

PROGRAM = """
import asyncio, sys
from httpx import ASGITransport, AsyncClient
from app.api.server import get_application

app = get_application()
print(*sys.modules)

async def ask():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        (await client.get("/offline")).raise_for_status()

asyncio.run(ask())
print(*sys.modules)
"""
OF_PAGES = {"app.web.router", "app.web.pages", "app.web.rendering", "jinja2", "babel.dates"}


def test_pages_are_imported_with_the_first_request_for_one() -> None:
    """The start of a service, and of its API, does not wait for them."""
    result = subprocess.run(  # noqa: S603 (a command of our own)
        [sys.executable, "-c", PROGRAM],
        cwd=BACKEND,
        env={"SECRET_KEY": "x" * 32, "DATABASE_URL": "postgresql://anna@/jobs"},
        capture_output=True,
        text=True,
        check=True,
    )
    started, *_, asked = result.stdout.splitlines()
    assert set(started.split()) & OF_PAGES == set()
    assert set(asked.split()) >= OF_PAGES
