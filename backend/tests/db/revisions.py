"""Revisions that are made up, run as people run them."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.core.config import Settings
from chaos.revisions import make_up

TIME_LIMIT = 120
CONCURRENTLY = """
    with op.get_context().autocommit_block():
        op.drop_index("ix_made_up", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_made_up", "cleanings", ["price"],
            if_not_exists=True, postgresql_concurrently=True
        )
"""
"""What docs/migrations.md tells to write for an index on a table that is in use."""


class MadeUp:
    """A revision that is made up, and a database to run it on.

    Args:
        settings: Say which database.
        folder: Where to write the revision.
        upgrade: What it does.
        downgrade: What undoes it.
    """

    def __init__(
        self, settings: Settings, folder: Path, upgrade: str, downgrade: str = "pass"
    ) -> None:
        self._configuration = make_up(folder, upgrade, downgrade)
        self._url = settings.sqlalchemy_url.render_as_string(hide_password=False)

    async def alembic(self, *arguments: str, patience: float = 60) -> asyncio.subprocess.Process:
        """Starts the command that people use.

        Args:
            arguments: Those of the command.
            patience: For how many seconds it may wait for locks.
        """
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "alembic", "-c", self._configuration),
            *("-x", f"patience={patience}", *arguments),
            env={
                "PATH": os.environ["PATH"],
                "ENVIRONMENT": "development",
                "DATABASE_URL": self._url,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )


async def heard(process: asyncio.subprocess.Process, words: str) -> str:
    """Waits until a command says a line with these words, and returns the line."""
    assert process.stdout
    async with asyncio.timeout(TIME_LIMIT):
        async for line in process.stdout:
            if words in line.decode():
                return line.decode()
    pytest.fail(f"nobody said {words}")


async def finished(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """The exit status of a command, and what it has said since it was last heard."""
    said, _ = await asyncio.wait_for(process.communicate(), TIME_LIMIT)
    return process.returncode, said.decode()
