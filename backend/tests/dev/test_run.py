"""``make run``: the service and its worker, which end together."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from dev.postgres import free_port
from tests.server import (
    BACKEND,
    TEMPLATE,
    create_database,
    drop_database,
    dsn,
    settings_for,
)

PATIENCE = 60.0  # seconds
ENQUEUE = """
    INSERT INTO jobs (id, kind, payload, attempts, due_at, created_at)
    VALUES (gen_random_uuid(), 'send_mail',
        '{"recipient": "anna@example.com", "subject": "Hello", "body": ""}', 0, now(), now())
"""


@pytest.fixture
def url(server: str, database_name: str) -> Iterator[str]:
    """A database that only one test uses."""
    name = f"{database_name}_{uuid4().hex[:8]}"
    create_database(server, name, TEMPLATE)
    yield dsn(settings_for(server, name).sqlalchemy_url)
    drop_database(server, name)


@pytest.fixture
async def running(url: str, tmp_path: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """What `make run` starts; its mail goes to a folder of the test."""
    process = subprocess.Popen(  # noqa: ASYNC220 (it takes no time to start)
        [sys.executable, "-m", "dev.run"],
        cwd=BACKEND,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": url,
            "PORT": str(free_port()),
            "MAIL_DIRECTORY": str(tmp_path / "mail"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


def descendants(parent: int) -> set[int]:
    """The process ids of all that a process has started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {int(child) for child in children}.union(*(descendants(int(c)) for c in children))


def is_alive(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process follows its parent")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_the_worker_writes_mail_and_ends_with_the_service(
    running: subprocess.Popen[bytes], url: str, tmp_path: Path, number: signal.Signals
) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(ENQUEUE)
    async with asyncio.timeout(PATIENCE):
        while await connection.fetchval("SELECT count(*) FROM jobs"):  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.05)
    await connection.close()
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1

    processes = descendants(running.pid)
    assert len(processes) >= 3
    running.send_signal(number)
    async with asyncio.timeout(PATIENCE):
        while any(map(is_alive, processes)):  # noqa: ASYNC110 (they are nobody's children here)
            await asyncio.sleep(0.05)
