"""``make soak``: many concurrent operations on a few things, with continuous consistency checks."""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.core.database import DatabaseSettings
from app.core.lifecycle import connected
from app.postgres.database import Database
from benchmarks.report import replace
from chaos.clock import let_time_pass
from chaos.clusters import Cluster, market
from chaos.crowd import Crowd
from chaos.doctor import examine
from chaos.report import PAGE, section, show
from chaos.services import service
from chaos.verdicts import Verdict
from chaos.writers import API, clients_of, counted
from dev.cluster import PostgresError

OPERATIONS = 100_000
CLIENTS = 64
SERVERS = 3
"""Independent processes of the service."""

PROMISE = (
    "Under many concurrent operations on the same few jobs and packages, each response follows the "
    "rules, and no consistency check fails at any moment."
)
PAUSE = 10.0  # seconds between two consistency checks
EXPECTED = {
    *(HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT, HTTPStatus.UNAUTHORIZED),
    *(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    *(HTTPStatus.PRECONDITION_FAILED, HTTPStatus.SERVICE_UNAVAILABLE),
}
"""Statuses of the rules of the market, and of overload."""

DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
BOOKINGS = "SELECT status, count(*) FROM bookings GROUP BY status"
ORDERS = "SELECT status, count(*) FROM orders GROUP BY status"
STAFF = "UPDATE users SET role = 'staff' WHERE id = $1"


class Soak:
    """The operations of all clients, and the responses.

    Args:
        crowd: Chooses the operations.
        operations: Their number.
        advance: Called for each operation.
    """

    def __init__(self, crowd: Crowd, operations: int, advance: Callable[[], object]) -> None:
        self._crowd, self._advance = crowd, advance
        self._left = operations
        self._begun, self.seconds = time.monotonic(), 0.0
        self.answers: Counter[str] = Counter()
        """Number of responses by status, with the code of problems."""
        self.unexpected: Counter[str] = Counter()
        """Unexpected responses and lost connections."""

    async def act(self, client: httpx.AsyncClient) -> None:
        """Sends operations until none are left."""
        while self._left:
            self._left -= 1
            attempt = self._crowd.think()
            try:
                response = await attempt.send(client)
                self._note(attempt.name, response)
                if response.is_success:
                    self._crowd.learn(attempt, response)
                    if attempt.name == "leave":
                        await self._crowd.join(client)
            except httpx.HTTPError as error:
                self.unexpected[f"{attempt.name}: {error!r}"] += 1
            self.seconds = time.monotonic() - self._begun
            self._advance()

    def _note(self, name: str, response: httpx.Response) -> None:
        answer = str(response.status_code)
        if not response.is_success:
            answer += f" {response.json()['code']}"
        self.answers[answer] += 1
        if response.status_code not in EXPECTED:
            self.unexpected[f"{name}: {answer}"] += 1


async def look_beside(cluster: Cluster, acting: asyncio.Future[Any]) -> list[list[str]]:
    """Runs the doctor repeatedly until a future is done, and once after that.

    Returns:
        The violations found by each run.
    """
    found = []
    while not acting.done():
        found.append(await examine(cluster))
        await asyncio.wait([acting], timeout=PAUSE)
    return [*found, await examine(cluster)]


@asynccontextmanager
async def everyone(folder: Path, cluster: Cluster) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Context manager for clients of several independent servers on one database."""
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(service(folder, cluster.url)) for _ in range(SERVERS)
        ]
        addresses = (f"{server}{API}" for server in islice(cycle(servers), CLIENTS))
        yield await stack.enter_async_context(clients_of(addresses))


async def run(
    folder: Path, operations: int, seed: int, advance: Callable[[], object] = lambda: None
) -> Verdict:
    """Runs concurrent random operations.

    Args:
        folder: For data and logs.
        operations: The number of operations.
        seed: Of the choices; the order of execution varies in any case.
        advance: Called for each operation.
    """
    async with (
        market(folder) as cluster,
        connected(DatabaseSettings(database_url=cluster.url)) as pool,  # before all is busy
        everyone(folder, cluster) as clients,
    ):
        crowd = Crowd(Random(seed))  # noqa: S311 (a game, not a secret)
        for client in clients:
            await crowd.join(client)
        async with cluster.connected() as connection:
            await connection.execute(STAFF, crowd.appoint())
        await crowd.make_category(clients[0])
        soak = Soak(crowd, operations, advance)
        acting = asyncio.gather(*(soak.act(client) for client in clients))
        passing = asyncio.create_task(let_time_pass(cluster, Database(pool), acting))
        found = await look_beside(cluster, acting)
        await acting
        clock = await passing
        async with cluster.connected() as connection:
            bookings = dict(await connection.fetch(BOOKINGS))
            orders = dict(await connection.fetch(ORDERS))
        deadlocks = await cluster.fetchval(DEADLOCKS)
    failures = [f"{number} x {answer}" for answer, number in soak.unexpected.items()]
    failures += [line for lines in found for line in lines]
    failures += [f"{deadlocks} deadlocks"] if deadlocks else []
    figures = {
        "operations": f"{operations:,} by {CLIENTS} clients, on {SERVERS} servers (seed {seed})",
        "operations per second": f"{operations / soak.seconds:,.0f}",
        "answers": counted(soak.answers),
        "bookings": counted(bookings),
        "orders": counted(orders),
        "done by the clock": counted(clock),
        "deadlocks": str(deadlocks),
        "consistency checks": f"{len(found)}, of which {sum(map(bool, found))} failed",
    }
    return Verdict(PROMISE, "none", figures, failures)


def main() -> None:
    """Runs the operations, prints the verdict, and updates docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--operations", type=int, default=OPERATIONS)
    parser.add_argument("--seed", type=int, default=1, help="of the choices")
    chosen = parser.parse_args()
    columns = (TextColumn("operations"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with TemporaryDirectory(prefix="soak-") as folder, Progress(*columns) as progress:
        task = progress.add_task("operations", total=chosen.operations)
        try:
            verdict = asyncio.run(
                run(
                    Path(folder),
                    chosen.operations,
                    chosen.seed,
                    lambda: progress.advance(task),
                )
            )
        except (PostgresError, RuntimeError) as error:
            sys.exit(str(error))
    show(Console(), "soak", verdict)
    if chosen.operations >= OPERATIONS:
        replace(PAGE, "soak", section("soak", verdict))
    if not verdict.holds:
        sys.exit(1)


if __name__ == "__main__":
    main()
