"""A primary and two standbys as docs/scaling.md sets them up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from chaos.clusters import Cluster, running
from tests.server import BACKEND

FOLDER = BACKEND / "ops" / "replication"
TIME_LIMIT = 30
IN_VAIN = 1.0  # seconds
CREATE = "CREATE TABLE acknowledged ()"
IS_THERE = "SELECT to_regclass('acknowledged') IS NOT NULL"


def settings(*names: str) -> dict[str, str]:
    """What files of the configuration say."""
    lines = [line for name in names for line in (FOLDER / name).read_text().splitlines()]
    pairs = (line.split(" = ") for line in lines if line and not line.startswith("#"))
    return {name: value.strip("'") for name, value in pairs}


@pytest.fixture
async def machines(tmp_path: Path) -> AsyncIterator[list[Cluster]]:
    """A primary and two standbys that follow it."""
    async with AsyncExitStack() as stack:
        primary = Cluster(tmp_path / "one", settings("primary.conf"))
        await stack.enter_async_context(running(primary))
        found = [primary]
        for name in ("two", "three"):
            standby = await primary.standby(name, **settings("primary.conf", "standby.conf"))
            await stack.enter_async_context(running(standby))
            found.append(standby)
        yield found


async def test_a_commit_is_acknowledged_by_one_standby_and_waits_for_one(
    machines: list[Cluster],
) -> None:
    primary, two, three = machines
    async with asyncio.timeout(TIME_LIMIT):
        await two.freeze()
        await primary.execute("CREATE TABLE with_one_standby ()")
        await three.freeze()
        commit = asyncio.create_task(primary.execute(CREATE))
        _, waiting = await asyncio.wait([commit], timeout=IN_VAIN)
        assert waiting
        await two.thaw()
        await commit


async def test_what_was_acknowledged_is_there_when_a_standby_takes_over(
    machines: list[Cluster],
) -> None:
    primary, two, three = machines
    async with asyncio.timeout(TIME_LIMIT):
        await three.stop()
        await primary.execute(CREATE)
        await primary.kill()
        await two.promote()
        assert await two.fetchval(IS_THERE)
