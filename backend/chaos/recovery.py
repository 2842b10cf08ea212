"""Scenario: all tables are dropped by mistake, and restored by point-in-time recovery."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from chaos.clusters import Cluster, market
from chaos.programs import complete
from chaos.services import service
from chaos.verdicts import Verdict
from chaos.writers import writing
from dev.cluster import programs

OPS = Path(__file__).parents[1] / "ops" / "backup"
PROMISE = (
    "Any moment since the first base backup can be restored: no write acknowledged before it is "
    "missing."
)
NOW = """SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
"""The server's time in the format of the scripts."""
RECOVERED = "SELECT NOT pg_is_in_recovery()"  # a server accepts reads before
LOGGED_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'
"""
CONTENTS = "SELECT count(*), md5(string_agg(row::text, '' ORDER BY row::text)) FROM {} row"
SECOND = 1.0  # base backups are named after the second of their completion


async def run(folder: Path, seconds: float) -> Verdict:
    """All tables are dropped, and the state just before is recovered.

    Args:
        folder: For data, backups and logs.
        seconds: Duration of the load before and after the base backup.
    """
    backups, clock = folder / "backups", asyncio.get_running_loop().time
    async with market(folder, **archiving(backups)) as cluster:
        async with service(folder, cluster.url) as address, writing(address) as writers:
            await asyncio.sleep(seconds)
            begun = clock()
            await ops("base", backups, f"--dbname={cluster.url}")
            copied = clock()
            await asyncio.sleep(max(seconds, SECOND))
        moment, before = await cluster.fetchval(NOW), await contents(cluster)
        await cluster.execute("DROP SCHEMA public CASCADE")
        dropped = clock()
        await cluster.stop()
        await ops("recover", backups, moment, PGDATA=str(cluster.data))
        await cluster.start()
        await cluster.until(RECOVERED)
        recovered = clock()
        lost, after = await writers.lost(cluster), await contents(cluster)
    changed = [name for name in before if after.get(name) != before[name]]
    figures = {
        **writers.figures(lost),
        "rows recovered": f"{sum(count for count, _ in after.values()):,}",
        "duration of the base backup": f"{copied - begun:.2f} s",
        "duration of the recovery": f"{recovered - dropped:.2f} s",
    }
    failures = [*lost, *(f"{name} differs" for name in changed)]
    return Verdict(PROMISE, "every table, by DROP SCHEMA", figures, failures)


def archiving(backups: Path) -> dict[str, str]:
    """Settings for WAL archiving, as in ``compose.production.yml``."""
    return {
        "archive_mode": "on",
        "archive_command": f'{OPS / "archive"} {backups} "%p" "%f"',
        "archive_timeout": "60s",
    }


async def ops(script: str, *arguments: str | Path, **environment: str) -> None:
    """Runs a script of ``ops/backup`` with the programs of the embedded PostgreSQL.

    Raises:
        PostgresError: The script failed.
    """
    path = f"{programs()}{os.pathsep}{os.environ['PATH']}"
    await complete([str(OPS / script), *map(str, arguments)], PATH=path, **environment)


async def contents(cluster: Cluster) -> Mapping[str, tuple[int, str | None]]:
    """Row count and digest of each table, except unlogged ones."""
    async with cluster.connected() as connection:
        return {
            name: tuple(await connection.fetchrow(CONTENTS.format(name)))
            for (name,) in await connection.fetch(LOGGED_TABLES)
        }
