"""A market of any size, loaded in bulk, which satisfies all rules of the service."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.databases import connected, migrate, recreate
from benchmarks.server import Server

SQL = Path(__file__).parent / "sql"
LOADING = (
    *("functions", "categories", "people", "packages", "jobs", "ratings", "counts"),
    "notifications",
)
"""The files with the statements, in their order; that of the jobs is run once for each batch."""
ACCOUNTS = 100_000
PEOPLE = 1_000
"""How many of the accounts take part in the market."""
PASSWORD = "a lighthouse in winter"  # noqa: S105 (of generated users)
BATCH = 10_000
STAR_EVALUATIONS = 101_000
"""Evaluations of the one cleaner with the most, in a market with at least four times as many."""
COMPLETED = 0.4

END = "019ca700-0000-7000-8000-000000000000"
"""An id of March 2026: loaded rows have smaller ids, rows written later have larger ones."""

INDEXES = """
SELECT indexrelid::regclass::text AS name, indrelid::regclass::text AS table,
    pg_get_indexdef(indexrelid) AS definition
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
CONSTRAINTS = """
SELECT conname AS name, conrelid::regclass::text AS table, contype::text AS kind,
    pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
ORDER BY contype = 'f', conrelid
"""


@dataclass(frozen=True)
class Market:
    """A loaded market.

    Args:
        name: The name of its database.
        url: The URL of its database.
        jobs: The number of jobs.
    """

    name: str
    url: str
    jobs: int


def load(server: Server, jobs: int) -> Market:
    """Creates a market, or reuses an existing one."""
    market = Market(f"market_{jobs}", server.database(f"market_{jobs}"), jobs)
    made_of = asyncio.run(_made_of(server, market.name))
    recipe = _recipe()
    if made_of != recipe:
        asyncio.run(recreate(server.url, market.name))
        migrate(market.url)
        asyncio.run(_fill(market, recipe))
    asyncio.run(rewind(market))
    return market


async def rewind(market: Market, *, vacuum: bool = True) -> None:
    """Undoes all writes since the market was loaded.

    Args:
        market: The market.
        vacuum: Whether to vacuum the tables, so that they are as fast as before.
    """
    async with connected(market.url) as connection:
        await connection.execute(
            Template((SQL / "rewind.sql").read_text()).substitute(end=f"'{END}'")
        )
        if vacuum:
            # No ANALYZE: the statistics are valid again.
            await connection.execute(
                "VACUUM cleanings, offers, bookings, cleaning_posts, packages, orders, "
                "order_items, threads, messages, events, sessions"
            )


def _recipe() -> str:
    """A fingerprint of the inputs of a market, except its size."""
    files = [
        *(SQL / f"{name}.sql" for name in LOADING),
        *Path("app/db/migrations/versions").glob("*.py"),
    ]
    content = b"".join(file.read_bytes() for file in sorted(files))
    return hashlib.sha256(content).hexdigest()


async def _made_of(server: Server, name: str) -> str | None:
    """The fingerprint of an existing complete market."""
    async with connected(server.url) as connection:
        recipe: str | None = await connection.fetchval(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", name
        )
    return recipe


async def _fill(market: Market, recipe: str) -> None:
    async with connected(market.url, timezone="UTC", maintenance_work_mem="1GB") as connection:
        await connection.execute("SET synchronous_commit = off")
        with _progress() as progress:
            rebuild = await _without_indexes(connection)
            await _rows(connection, market, progress)
            steps = [*rebuild, "VACUUM ANALYZE", f"COMMENT ON DATABASE {market.name} IS '{recipe}'"]
            for step in progress.track(steps, description="indexes"):
                await connection.execute(step)


async def _rows(connection: Any, market: Market, progress: Progress) -> None:
    await connection.execute(
        "CREATE TEMPORARY TABLE market (jobs bigint, accounts bigint, people bigint, "
        "star_share bigint, password_hash text); "
        "CREATE TEMPORARY TABLE batch (first bigint, last bigint)"
    )
    await connection.execute(
        "INSERT INTO market VALUES ($1, $2, $3, $4, $5)",
        market.jobs,
        ACCOUNTS,
        PEOPLE,
        int(1e6 * min(0.25, STAR_EVALUATIONS / (COMPLETED * market.jobs))),
        PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1).hash(PASSWORD),
    )
    for name in LOADING:
        statements = (SQL / f"{name}.sql").read_text()
        if name == "jobs":
            await _jobs(connection, market, statements, progress)
        else:
            await connection.execute(statements)


async def _jobs(connection: Any, market: Market, statements: str, progress: Progress) -> None:
    task = progress.add_task("jobs", total=market.jobs)
    for first in range(0, market.jobs, BATCH):
        size = min(BATCH, market.jobs - first)
        await connection.execute("TRUNCATE batch")
        await connection.execute("INSERT INTO batch VALUES ($1, $2)", first, first + size - 1)
        async with connection.transaction():
            await connection.execute(statements)
        progress.advance(task, size)


async def _without_indexes(connection: Any) -> list[str]:
    """Drops all indexes and the constraints that need them.

    Building them once at the end takes a fraction of the time, and checks every row.

    Returns:
        The statements that recreate them.
    """
    constraints = await connection.fetch(CONSTRAINTS)
    indexes = await connection.fetch(INDEXES)
    for row in reversed(constraints):
        await connection.execute(f"ALTER TABLE {row['table']} DROP CONSTRAINT {row['name']}")
    for row in indexes:
        await connection.execute(f"DROP INDEX {row['name']}")
    added = [
        f"ALTER TABLE {row['table']} ADD CONSTRAINT {row['name']} {row['definition']}"
        for row in constraints
    ]
    return [*added, *(row["definition"] for row in indexes)]


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:>8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )


@dataclass(frozen=True)
class Person:
    """A logged-in user of a market."""

    id: UUID
    session_id: UUID
    username: str


async def people(connection: Any) -> list[Person]:
    """All users of a market, the cleaner with the most evaluations first."""
    rows = await connection.fetch(
        "SELECT users.id, sessions.id AS session_id, username "
        "FROM users JOIN sessions ON user_id = users.id ORDER BY users.id, sessions.id"
    )
    return [Person(**row) for row in rows]
