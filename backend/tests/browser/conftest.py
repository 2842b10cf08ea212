"""A running service with the market of ``make demo``, and a real browser."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from subprocess import DEVNULL

import pytest
from playwright.async_api import Browser, async_playwright

from app.core.config import Settings
from dev.chromium import OPTIONS, chromium_path
from dev.demo_people import PASSWORD
from dev.postgres import free_port
from tests.browser.people import Demo, Person
from tests.browser.validator import Validator
from tests.processes import PATIENCE, started
from tests.server import TEMPLATE, new_database, settings_for

HERE = Path(__file__).parent
LONGEST = HERE / "test_every_page.py"
VALIDATOR = Path(".data/vnu/node_modules/vnu-jar/build/dist/vnu.jar")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option of ``make shots``."""
    parser.addoption("--shots", help="the folder for a picture of each page")


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest) -> Path | None:
    """The folder for pictures of pages, if they are wanted."""
    folder = request.config.getoption("--shots")
    return Path(folder) if folder else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of this folder, which `make test` leaves out.

    The longest come first, so that all test processes end at about the same time.
    """
    items.sort(key=lambda it: it.path != LONGEST)
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo_database(server: str) -> Iterator[Settings]:
    """Settings of a service on a migrated database."""
    with new_database(server, TEMPLATE) as name:
        yield settings_for(server, name)


@pytest.fixture(scope="session")
async def demo(
    demo_database: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demo]:
    """The market of ``make demo``, in a service that runs by itself."""
    assert demo_database.database_url
    text = tmp_path_factory.mktemp("texts") / "text"
    text.write_text("The first paragraph.\n\nThe second one.")
    environment = {
        "ENVIRONMENT": "development",
        "DATABASE_URL": demo_database.database_url.get_secret_value(),
        "TIME_ZONE": "Europe/Berlin",
        "LANGUAGES": "en,de",
        "IMPRINT_FILE": str(text),
        "TERMS_FILE": str(text),
        "UPLOADS_DIRECTORY": str(tmp_path_factory.mktemp("uploads")),
    }
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = ("uvicorn", "app.api.launch:get_application", "--factory", "--no-access-log")
    async with (
        started(environment, *server, f"--port={port}"),
        started(environment, "app.worker"),
    ):
        await until_listening(port)
        await ran(environment, "app", "categories", "load", "app/commands/categories.json")
        await ran(environment, "dev.demo", "--url", address, "--users", "10", "--jobs", "30")
        yield await Demo.of(demo_database, address, PASSWORD)


async def ran(environment: dict[str, str], *module: str) -> None:
    """Runs a module to its end."""
    async with started(environment, *module, output=DEVNULL) as process:
        assert await process.wait() == 0, module


async def until_listening(port: int) -> None:
    """Waits until a program listens on a port of this machine."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    async with async_playwright() as playwright:
        path = chromium_path() or "/usr/bin/chromium"
        browser = await playwright.chromium.launch(executable_path=path, args=[*OPTIONS])
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def validator() -> Validator:
    """The Nu HTML checker; tests that need it are skipped without it, but not in CI."""
    if not VALIDATOR.exists() and not os.environ.get("CI"):
        pytest.skip("make test-pages installs the Nu HTML checker if there are npm and java")
    return Validator(VALIDATOR)


@pytest.fixture
async def visitor(chromium: Browser, demo: Demo) -> AsyncIterator[Person]:
    """A visitor in a window of their own."""
    async with Person.in_window(chromium, demo) as person:
        yield person
