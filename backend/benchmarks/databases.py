"""The databases of the benchmarks' server."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg


@asynccontextmanager
async def connected(url: str, **settings: str) -> AsyncIterator[Any]:
    """Context manager for a connection to a database.

    Args:
        url: The URL of the database.
        settings: Server settings of the session, by name.
    """
    connection = await asyncpg.connect(url, server_settings=settings, command_timeout=None)
    try:
        yield connection
    finally:
        await connection.close()


async def recreate(server_url: str, name: str) -> None:
    """Creates an empty database, replacing one of the same name."""
    async with connected(server_url) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name}")


@contextmanager
def copied(server_url: str, source: str, name: str) -> Iterator[None]:
    """Context manager for a copy of a database; there must be no connection to the source.

    Args:
        server_url: The URL of another database of the server.
        source: The name of the database.
        name: The name of its copy.
    """

    async def run(*statements: str) -> None:
        async with connected(server_url) as connection:
            for statement in statements:
                await connection.execute(statement)

    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    asyncio.run(run(drop, f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy"))
    try:
        yield
    finally:
        asyncio.run(run(drop))


def migrate(url: str) -> None:
    """Runs the migrations in a database."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        env={**os.environ, "ENVIRONMENT": "development", "DATABASE_URL": url},
        check=True,
        capture_output=True,
    )
