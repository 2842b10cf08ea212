"""``make run``: the service and its worker, which end together."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from httpx import AsyncClient, HTTPError

from app.core.config import Settings
from dev.postgres import free_port
from tests.server import BACKEND, dsn

PATIENCE = 60.0  # seconds
ENQUEUE = """
    INSERT INTO tasks (id, kind, payload, attempts, due_at, created_at)
    VALUES (gen_random_uuid(), 'send_mail',
        '{"recipient": "anna@example.com", "subject": "Hello", "body": ""}', 0, now(), now())
"""


@pytest.fixture
def url(own_database: Settings) -> str:
    """The address of a database that only one test uses."""
    return dsn(own_database.sqlalchemy_url)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def running(url: str, port: int, tmp_path: Path) -> AsyncIterator[subprocess.Popen[bytes]]:
    """What `make run` starts; its mail goes to a folder of the test."""
    process = subprocess.Popen(  # noqa: ASYNC220 (it takes no time to start)
        [sys.executable, "-m", "dev.run"],
        cwd=BACKEND,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": url,
            "PORT": str(port),
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


async def when_ready(client: AsyncClient) -> None:
    """Waits until a service takes requests."""
    while True:
        try:
            if (await client.get("/readyz")).is_success:
                return
        except HTTPError:
            await asyncio.sleep(0.05)


def written(folder: Path) -> str:
    """All mail in a folder."""
    return "".join(file.read_text() for file in folder.glob("*.eml"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process follows its parent")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_the_worker_writes_mail_and_ends_with_the_service(
    running: subprocess.Popen[bytes], url: str, tmp_path: Path, number: signal.Signals
) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(ENQUEUE)
    async with asyncio.timeout(PATIENCE):
        while await connection.fetchval("SELECT count(*) FROM tasks"):  # noqa: ASYNC110 (nothing notifies)
            await asyncio.sleep(0.05)
    await connection.close()
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1

    processes = descendants(running.pid)
    assert len(processes) >= 3
    running.send_signal(number)
    async with asyncio.timeout(PATIENCE):
        while any(map(is_alive, processes)):  # noqa: ASYNC110 (they are nobody's children here)
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("running")
async def test_links_in_mail_lead_to_the_port_that_was_chosen(port: int, tmp_path: Path) -> None:
    account = {"email": "anna@example.com", "username": "anna", "password": "a lighthouse"}
    async with (
        AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
        asyncio.timeout(PATIENCE),
    ):
        await when_ready(client)
        assert (await client.post("/api/v1/users", json=account)).is_success
        wanted = {"email": account["email"]}
        assert (await client.post("/api/v1/auth/password-reset", json=wanted)).is_success
        while not (mail := written(tmp_path / "mail")):  # noqa: ASYNC110 (nothing notifies)
            await asyncio.sleep(0.05)
    assert f"http://127.0.0.1:{port}/reset-password#token=" in mail
