"""The PostgreSQL server that all test processes share, and the databases on it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from uuid import uuid4

import asyncpg
from alembic import command
from alembic.config import Config
from pydantic import SecretStr
from sqlalchemy import URL

from app.core.config import Settings
from dev.postgres import embedded_postgres

BACKEND = Path(__file__).parents[1]
TEMPLATE = "marketplace_test"
ROLE_PASSWORD = "only good for rows"
PATIENT = {
    "statement_timeout": 60,
    "lock_timeout": 5,
    "pool_timeout": 30,
    "slow_request_ms": 60_000,
}
"""Settings for a machine that is busy with other work; timeouts are tested with their own."""
CACHE = {"statement_cache_size": "2000", "max_cacheable_statement_size": "0"}
"""Options of the service's addresses, which other programs would take for some of the server."""
SETTINGS = {
    "fsync": "off",  # the data need not survive a crash
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "1000",  # one pool for each test process, of which there is one per core
}


@contextmanager
def running_server() -> Iterator[str]:
    """Yields the address of a server: that of DATABASE_URL, or else a new one."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with (
        TemporaryDirectory(prefix="marketplace-") as folder,
        embedded_postgres(Path(folder) / "postgres", SETTINGS) as url,
    ):
        yield url


def settings_for(server: str, database: str, **others: Any) -> Settings:
    """Settings of a service that uses a database of the server.

    Args:
        server: The address of the server.
        database: The name of the database.
        others: Further settings.
    """
    url = Settings(environment="development", database_url=server).sqlalchemy_url
    address = url.set(database=database).render_as_string(hide_password=False)
    return Settings(environment="development", database_url=address, **others)


def keeping_statements(settings: Settings) -> Settings:
    """Settings of a service whose connections keep all of its statements prepared.

    In production, a connection keeps the last 100. A test process runs almost all statements in
    turn, so each would be parsed and planned anew, which takes as long as all else in a test.
    """
    url = settings.sqlalchemy_url.update_query_dict(CACHE)
    address = SecretStr(url.render_as_string(hide_password=False))
    return settings.model_copy(update={"database_url": address})


def execute(server: str, *statements: str, database: str = "postgres") -> None:
    """Runs statements on the server, outside of any transaction."""

    async def run() -> None:
        connection = await asyncpg.connect(dsn(settings_for(server, database).sqlalchemy_url))
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def dsn(url: URL) -> str:
    """An address as asyncpg takes it."""
    own = url.set(drivername="postgresql").difference_update_query(CACHE)
    return own.render_as_string(hide_password=False)


def create_database(server: str, name: str, template: str = "template1") -> None:
    """Makes a database, in place of one of the same name."""
    drop_database(server, name)
    execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_database(server: str, name: str) -> None:
    """Removes a database, with its connections."""
    execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """Context manager for a database of one test; yields its name."""
    name = f"{TEMPLATE}_{uuid4().hex}"
    create_database(server, name, template)
    try:
        yield name
    finally:
        drop_database(server, name)


def drop_role(server: str, name: str, database: str) -> None:
    """Removes a database role."""
    execute(server, f'DROP OWNED BY "{name}"', f'DROP ROLE "{name}"', database=database)


@contextmanager
def alembic_for(settings: Settings) -> Iterator[Config]:
    """Points Alembic's commands at a database."""
    assert settings.database_url
    environment = {
        "ENVIRONMENT": "development",
        "DATABASE_URL": settings.database_url.get_secret_value(),
    }
    with mock.patch.dict(os.environ, environment):
        yield Config(BACKEND / "alembic.ini")


def create_template(server: str) -> None:
    """Makes the migrated database that each test process copies."""
    create_database(server, TEMPLATE)
    with alembic_for(settings_for(server, TEMPLATE)) as config:
        command.upgrade(config, "head")
