"""The databases of the benchmarks' server."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg


@asynccontextmanager
async def connected(url: str, **settings: str) -> AsyncIterator[Any]:
    """A connection to a database.

    Args:
        url: The address of the database.
        settings: Server settings of the session, by name.
    """
    connection = await asyncpg.connect(url, server_settings=settings, command_timeout=None)
    try:
        yield connection
    finally:
        await connection.close()


async def recreate(server_url: str, name: str) -> None:
    """Makes an empty database, in place of one of the same name."""
    async with connected(server_url) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name}")


def migrate(url: str) -> None:
    """Makes the service's tables in a database, as it makes them itself."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        env={**os.environ, "ENVIRONMENT": "development", "DATABASE_URL": url},
        check=True,
        capture_output=True,
    )
