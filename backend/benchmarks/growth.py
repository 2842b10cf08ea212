"""``make bench-growth``: the time of each statement by the size of the market."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.data import Market, load
from benchmarks.databases import connected
from benchmarks.growth_calls import Read, reads
from benchmarks.report import PAGE, markdown, print_table, replace
from benchmarks.server import FOLDER, running_server
from dev.cluster import PostgresError

PASSES = 3
"""After one warm-up pass, which fills the cache and settles PostgreSQL's plans."""
VARIETY = 100
"""The number of different arguments of a call in each pass."""
LONGEST = 7.0  # seconds per call and pass


class Stopwatch:
    """A source of rows for readers that records the time of each statement.

    Args:
        connection: A connection of the driver.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.seconds: list[float] = []

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Any]:
        """Runs a statement and returns its rows."""
        begin = time.perf_counter()
        rows: list[Any] = await self._connection.fetch(sql, *arguments)
        self.seconds.append(time.perf_counter() - begin)
        return rows


async def measure(market: Market) -> dict[str, float]:
    """The time of each call's statement in seconds: the median in the quietest pass."""
    medians: dict[str, float] = {}
    session = {"timezone": "UTC", "max_parallel_workers_per_gather": "0"}  # as in `Hosts`
    async with connected(market.url, **session) as connection:
        calls = await reads(connection)
        for call in track(calls.values(), "warming up"):
            await _median(connection, call)
        for title, call in track([*calls.items()] * PASSES, "statements"):
            found = await _median(connection, call)
            medians[title] = min(found, medians.get(title, found))
    return medians


async def _median(connection: Any, call: Read) -> float:
    stopwatch = Stopwatch(connection)
    deadline = time.monotonic() + LONGEST
    for number in range(VARIETY):
        await call(stopwatch, number)
        if time.monotonic() > deadline:
            break
    return median(stopwatch.seconds)


def write(jobs: int, medians: dict[str, float]) -> None:
    """Stores the measurements of one size."""
    (FOLDER / f"growth_{jobs}.json").write_text(json.dumps(medians, indent=2))


def table() -> list[list[str]]:
    """All sizes measured so far, in milliseconds."""
    sizes = {
        int(file.stem.removeprefix("growth_")): json.loads(file.read_text())
        for file in FOLDER.glob("growth_*.json")
    }
    jobs = sorted(sizes)
    rows = [["jobs", *(f"{size:,}" for size in jobs), "growth"]]
    for title in sizes[jobs[-1]]:
        seconds = [sizes[size].get(title) for size in jobs]
        known = [value for value in seconds if value is not None]
        rows.append(
            [
                title,
                *("" if value is None else f"{value * 1e3:.2f}" for value in seconds),
                f"{known[-1] / known[0]:.2f}",
            ]
        )
    return rows


def main() -> None:
    """Measures one size, and prints all."""
    parser = argparse.ArgumentParser(prog="make bench-growth", description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000, help="how large the market is")
    chosen = parser.parse_args()
    try:
        with running_server() as server:
            market = load(server, chosen.jobs)
            write(market.jobs, asyncio.run(measure(market)))
    except (PostgresError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    rows = table()
    print_table(Console(), rows)
    replace(PAGE, "growth", markdown(rows))


if __name__ == "__main__":
    main()
