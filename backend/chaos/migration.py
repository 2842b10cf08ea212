"""Scenario: a migration waits for a long read, and all other transactions for the migration."""

import asyncio
import sys
from pathlib import Path

from chaos.clusters import Cluster, market
from chaos.programs import begin
from chaos.revisions import make_up
from chaos.services import service
from chaos.verdicts import Verdict
from chaos.writers import counted, writing

STALL = 0.25  # seconds that a migration may add to the longest time without a write
TRIES = 3  # failed attempts of the migration before the read ends
PROMISE = (
    "A migration of a table under a long read delays all other transactions by at most "
    f"{STALL * 1000:g} ms, and succeeds when the read ends."
)
ADD_COLUMN = 'op.add_column("cleanings", sa.Column("made_up", sa.Text()))'
ADDED = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'made_up'"


async def run(folder: Path, seconds: float) -> Verdict:
    """A column is added to the jobs during a long read, while twenty clients write.

    Args:
        folder: For data, logs and the migration.
        seconds: Duration of the load before the migration.
    """
    clock = asyncio.get_running_loop().time
    async with market(folder) as cluster, service(folder, cluster.url) as address:
        async with writing(address) as writers:
            begun = clock()
            await asyncio.sleep(seconds)
            waiting = clock()
            said = await migrated(cluster, make_up(folder, ADD_COLUMN))
            done = clock()
        added = await cluster.fetchval(ADDED)
    normal, stalled = writers.longest_pause(begun, waiting), writers.longest_pause(waiting, done)
    failures = writers.unexpected("503")
    if stalled > normal + STALL:
        failures.append(f"no write succeeded for {stalled:.2f} s")
    if not added:
        failures.append(f"the migration has failed: {said}")
    figures = {
        "answers": counted(writers.answers),
        "longest time without a write, normally": f"{normal * 1000:.0f} ms",
        "longest time without a write, with the migration": f"{stalled * 1000:.0f} ms",
        "attempts of the migration before the read ended": f"{TRIES}",
    }
    return Verdict(PROMISE, "a long read of the table while it is altered", figures, failures)


async def migrated(cluster: Cluster, configuration: Path) -> str:
    """Migrates during a read that ends after some attempts; returns the rest of the output."""
    async with cluster.connected() as reader, reader.transaction():
        await reader.execute("SELECT FROM cleanings")
        command = [sys.executable, "-m", "alembic", "-c", str(configuration), "upgrade", "head"]
        migration = await begin(command, ENVIRONMENT="development", DATABASE_URL=cluster.url)
        assert migration.stdout  # noqa: S101 (for the type checker)
        for _ in range(TRIES):
            await migration.stdout.readline()  # a line for each failed attempt
    said, _ = await migration.communicate()
    return said.decode()
