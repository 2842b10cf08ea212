"""What tests work with: a real service on a real database, and people who use it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.api.server import get_application
from app.commands.grant import let_in
from app.core.collection import collection_set_up
from app.core.config import Settings
from app.core.photo_store import FolderStore
from app.db.models import metadata
from app.postgres.database import Database
from app.postgres.hosts import Connection
from tests.clients import client_of, without_fast_path
from tests.factories.links import verifying
from tests.factories.users import Market
from tests.fuzz.counting import CaseCount
from tests.server import (
    PATIENT,
    ROLE_PASSWORD,
    TEMPLATE,
    create_database,
    create_template,
    drop_database,
    drop_role,
    dsn,
    keeping_statements,
    new_database,
    running_server,
    settings_for,
)

stack = ExitStack()
sys.modules["sniffio"] = None  # type: ignore[assignment]  # httpx looks for it in each request


def pytest_configure(config: pytest.Config) -> None:
    """Starts the server once, in the process that the others take their work from."""
    if not hasattr(config, "workerinput"):
        server = stack.enter_context(running_server())
        create_template(server)
        config.stash[SERVER] = server
        config.pluginmanager.register(CaseCount())
    else:
        config.stash[SERVER] = config.workerinput["server"]


def pytest_unconfigure() -> None:
    """Stops the server."""
    stack.close()


SERVER = pytest.StashKey[str]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One test process more than cores: tests often wait, for the database or other processes."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells each test process where the server is."""
    node.workerinput["server"] = node.config.stash[SERVER]


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """The address of the server."""
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def database_name(server: str) -> Iterator[str]:
    """A migrated database of this test process alone."""
    name = f"{TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    create_database(server, name, TEMPLATE)
    yield name
    drop_database(server, name)


@pytest.fixture
def own_database(server: str) -> Iterator[Settings]:
    """Settings of a service that works on a migrated database of one test alone."""
    with new_database(server, TEMPLATE) as name:
        yield settings_for(server, name)


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """The name of a database of one test alone, which has no tables."""
    with new_database(server) as name:
        yield name


@pytest.fixture(scope="session")
def database_role(server: str, database_name: str) -> Iterator[str]:
    """The database role of the service in production, with access to rows only."""
    name = f"server of {database_name}"
    asyncio.run(let_in(settings_for(server, database_name), name, ROLE_PASSWORD))
    yield name
    drop_role(server, name, database_name)


@pytest.fixture(scope="session")
async def running_app(
    server: str, database_name: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FastAPI]:
    """The service, started as it is in production."""
    folder = tmp_path_factory.mktemp("uploads")
    with collection_set_up():
        settings = settings_for(server, database_name, uploads_directory=folder, **PATIENT)
        app = get_application(keeping_statements(settings))
    app.state.streams.longest = 0  # httpx waits for the end of an answer before it returns it
    async with app.router.lifespan_context(app):
        yield app


EMPTYING = "; ".join(str(table.delete()) for table in metadata.tables.values())
"""Empties all tables. TRUNCATE makes new files for each, which takes a hundred times as long."""


async def empty(server: str, database: str) -> None:
    """Empties all tables of a database.

    Setting triggers and foreign keys aside makes a connection plan all of its statements anew, so
    this one is not of the service.
    """
    connection = await asyncpg.connect(
        dsn(settings_for(server, database).sqlalchemy_url),
        server_settings={"session_replication_role": "replica", "lock_timeout": "5s"},
    )
    await connection.execute(EMPTYING)
    await connection.close()


class OneConnection:
    """Lends a connection to all who ask, so that what they do is one transaction.

    Attributes:
        lent: How often it has been lent.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection, self.lent = connection, 0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """The connection, in its present transaction."""
        self.lent += 1
        yield self._connection


@pytest.fixture
async def app(
    running_app: FastAPI,
    server: str,
    database_name: str,
    database_role: str,
    request: pytest.FixtureRequest,
) -> AsyncIterator[FastAPI]:
    """The service; what a test does with it is undone afterwards.

    It does it as the role that it has in production, except in tests that commit.
    """
    if request.node.get_closest_marker("committed"):
        yield running_app
        await empty(server, database_name)
        return
    database = running_app.state.database
    async with running_app.state.pool.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(f'SET LOCAL ROLE "{database_role}"')
        # A busy machine may leave the transaction idle for as long as a frozen process would.
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        running_app.state.one_connection = OneConnection(connection)
        running_app.state.database = Database(running_app.state.one_connection)
        yield running_app
        running_app.state.database = database
        await transaction.rollback()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """An anonymous client. Each answer to it is held against the documentation."""
    async with client_of(app) as client:
        yield client


@pytest.fixture
def market(app: FastAPI, client: AsyncClient) -> Iterator[Market]:
    """The service, for the factories to fill. Its safeguards are put back after each test."""
    safeguards = app.state.safeguards
    yield Market(app, client)
    app.state.safeguards = safeguards


@pytest.fixture
def photo_folder(market: Market, tmp_path: Path) -> Iterator[None]:
    """An empty folder for the files of the photos of a test."""
    before = market.app.state.photos
    market.app.state.photos = FolderStore(tmp_path)
    yield
    market.app.state.photos = before


@pytest.fixture
def verified_emails(market: Market) -> Iterator[None]:
    """Email addresses count only once they are verified."""
    with verifying(market):
        yield


@pytest.fixture(params=["fast path", "FastAPI"])
def way(request: pytest.FixtureRequest, app: FastAPI) -> Iterator[None]:
    """Runs a test with the fast path, and without it."""
    with nullcontext() if request.param == "fast path" else without_fast_path(app):
        yield
