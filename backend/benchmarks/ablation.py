"""``make bench-ablation``: the gain of each mechanism, measured with it and without it."""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from statistics import median

from rich.console import Console

from benchmarks.calls import Call, prepare
from benchmarks.data import load
from benchmarks.load import LoadFailed, drive, wrk
from benchmarks.measure import Bench, Pair
from benchmarks.report import PAGE, Row, markdown, print_table, replace
from benchmarks.results import Run
from benchmarks.server import Server, running_server
from benchmarks.services import OURS, REFERENCE, Program, running
from benchmarks.units import unit_of_work
from dev.cluster import PostgresError

CHOSEN = ("own account", "one job", "browse", "post a job", "make an offer", "accept an offer")
CONNECTION = OURS.protocol
WITHOUT = (
    Program("all of them", OURS.factory, CONNECTION),
    Program("fast path", OURS.factory, CONNECTION, {"FAST_PATH": "false"}),
    Program("combined writes", "benchmarks.without:combined_writes", CONNECTION),
    Program("compiled statements", "benchmarks.without:compiled_statements", CONNECTION),
    Program("pool", "benchmarks.without:own_pool", CONNECTION),
    Program("watched connections", "benchmarks.without:watched_connections", CONNECTION),
    Program("HTTP protocol", OURS.factory, REFERENCE.protocol),
    Program("garbage collection", "app.api.server:get_application", CONNECTION),
)
"""The service, whole and without one mechanism: switched off, or replaced by that of a library."""

Runs = dict[str, dict[str, list[Run]]]


def measure(server: Server, jobs: int, rounds: int, seconds: int) -> Runs:
    """Measures the chosen calls, in each round with each program.

    Args:
        server: The database server.
        jobs: The size of the market.
        rounds: How often each program is measured.
        seconds: For how long each call.
    """
    market = load(server, jobs)
    calls = [call for call in asyncio.run(prepare(market)) if call.title in CHOSEN]
    runs: Runs = {}
    for number in range(rounds):
        programs = (REFERENCE, *WITHOUT)
        for program in programs[::-1] if number % 2 else programs:
            with running(program, market.url, server.cores.service) as service:
                bench = Bench(server, market, Pair(service, service), calls)
                warm_up(bench, calls, seconds)
                for call in calls:
                    run = bench.run(service, call, seconds)
                    runs.setdefault(program.name, {}).setdefault(call.title, []).append(run)
    return runs


def warm_up(bench: Bench, calls: Sequence[Call], seconds: int) -> None:
    """Sends a mix of requests until each connection has prepared each statement."""
    service = bench.services.ours
    requests = list(chain.from_iterable(zip(*(call.requests for call in calls), strict=False)))
    drive(service.address, requests, seconds, once=True)
    bench.undo(service)


def table(runs: Runs) -> Iterable[Row]:
    """Requests per second and CPU time per request, compared with the reference.

    The first row names the columns.
    """
    yield ("without", *CHOSEN)
    for program in WITHOUT:
        cells = (
            " / ".join(f"{_ratio(runs, program, title, name):.2f}" for name in ("rate", "app"))
            for title in CHOSEN
        )
        yield ("(nothing left out)" if program is WITHOUT[0] else program.name, *cells)


def _ratio(runs: Runs, program: Program, title: str, name: str) -> float:
    ours, reference = (
        float(median(getattr(run, name) for run in runs[it.name][title]))
        for it in (program, REFERENCE)
    )
    return ours / reference


def main() -> None:
    """Measures, prints the table, and updates docs/performance.md."""
    parser = argparse.ArgumentParser(prog="make bench-ablation", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, and no report")
    parser.add_argument("--jobs", type=int, default=100_000, help="how large the market is")
    chosen = parser.parse_args()
    rounds, seconds = (1, 2) if chosen.quick else (2, 3)
    wrk()  # fail early if it is missing
    console = Console(width=120)
    try:
        with running_server() as server:
            rows = list(table(measure(server, chosen.jobs, rounds, seconds)))
            units = list(asyncio.run(unit_of_work(load(server, chosen.jobs))))
    except (PostgresError, LoadFailed, RuntimeError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    print_table(console, rows)
    print_table(console, units)
    if not chosen.quick:
        replace(PAGE, "ablation", markdown(rows))
        replace(PAGE, "units", markdown(units))


if __name__ == "__main__":
    main()
