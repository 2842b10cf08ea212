"""Revisions that tests make up, behind the newest one of the service."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from app.core.config import Settings
from app.db.readiness import REVISIONS, revisions
from tests.server import BACKEND

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

CONFIGURATION = f"""
[alembic]
script_location = {REVISIONS.parent}
prepend_sys_path = {BACKEND}
path_separator = newline
version_locations =
    {REVISIONS}
    %(here)s
"""
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "made_up"
down_revision = "{newest}"


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""


def make_up(folder: Path, upgrade: str, downgrade: str = "pass") -> Path:
    """Writes a revision and returns the configuration with which Alembic finds it.

    Args:
        folder: Where to write them.
        upgrade: What the revision does.
        downgrade: What undoes it.
    """
    source = REVISION.format(newest=revisions().newest, upgrade=upgrade, downgrade=downgrade)
    (folder / "made_up.py").write_text(source)
    configuration = folder / "alembic.ini"
    configuration.write_text(CONFIGURATION)
    return configuration


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
