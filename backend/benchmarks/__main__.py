"""``make bench``: the service compared with a bare reference, call by call."""

import argparse
import asyncio
import sys

from rich.console import Console
from rich.progress import Progress

from benchmarks.calls import prepare
from benchmarks.compare import Unequal, demand_equal
from benchmarks.contention import contention
from benchmarks.counting import count_statements
from benchmarks.data import load
from benchmarks.extras import CHOSEN, import_seconds, ready_seconds, scaling, shapes
from benchmarks.load import LoadFailed, wrk
from benchmarks.measure import Bench, Pair
from benchmarks.page_calls import prepare_pages
from benchmarks.painting import paint_seconds
from benchmarks.processes import Neighbours
from benchmarks.report import print_results, write_report
from benchmarks.results import CallResult, Results, Run
from benchmarks.server import Server, running_server
from benchmarks.services import OURS, REFERENCE, running
from benchmarks.standstills import standstills
from dev.cluster import PostgresError

console = Console()
if not console.is_terminal:
    console.width = 120


def measure(server: Server, jobs: int, rounds: int, seconds: int) -> Results:
    """Runs all measurements.

    Args:
        server: The database server.
        jobs: The size of the market.
        rounds: The number of rounds.
        seconds: The duration of each run.
    """
    market = load(server, jobs)
    calls = [*asyncio.run(prepare(market)), *asyncio.run(prepare_pages(market))]
    chosen = [call for call in calls if call.title in CHOSEN]
    cores = server.cores.service
    with (
        running(OURS, market.url, cores) as ours,
        running(REFERENCE, market.url, cores) as reference,
    ):
        pair = Pair(ours, reference)
        demand_equal(pair, calls, market)
        bench = Bench(server, market, pair, calls)
        bench.warm_up(seconds)
        statements = count_statements(server, market, pair, calls)
        neighbours = Neighbours()
        runs: dict[str, list[tuple[Run, Run]]] = {call.title: [] for call in calls}
        with Progress(console=console) as progress:
            task = progress.add_task("calls", total=rounds * len(calls))
            for number in range(rounds):
                for call, mine, other in bench.round(seconds, reversed_order=number % 2 == 1):
                    runs[call.title].append((mine, other))
                    progress.advance(task)
        disturbance = neighbours.busy_cores()
        results = [
            CallResult(
                call.title,
                call.goal,
                [mine for mine, _ in runs[call.title]],
                [other for _, other in runs[call.title]],
                (statements[call.title][0], statements[call.title][1]),
            )
            for call in calls
        ]
        half_loaded = shapes(server, pair, chosen, 2 * seconds)
        worker_bytes = (ours.worker_bytes, reference.worker_bytes)
    return Results(
        jobs,
        rounds,
        seconds,
        results,
        worker_bytes,
        ready_seconds(server, market, rounds),
        import_seconds(rounds),
        paint_seconds(server, market),
        disturbance,
        standstills(server.cores.all, 2 * seconds),
        contention(server, market, rounds, seconds),
        half_loaded,
        scaling(server, market, chosen, seconds),
    )


def main() -> None:
    """Measures, prints the results, and updates docs/performance.md."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, and no report")
    parser.add_argument("--jobs", type=int, default=100_000, help="how large the market is")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="for each call in each round")
    chosen = parser.parse_args()
    rounds, seconds = (1, 2) if chosen.quick else (chosen.rounds, chosen.seconds)
    wrk()  # fail early if it is missing
    try:
        with running_server() as server:
            results = measure(server, chosen.jobs, rounds, seconds)
            print_results(console, results)
            if not chosen.quick:
                write_report(server, results)
    except (PostgresError, LoadFailed, Unequal, RuntimeError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
