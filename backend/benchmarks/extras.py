"""What else there is to know of the service: its start, its shape at half load, more workers."""

import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

from benchmarks.calls import Call
from benchmarks.data import Market
from benchmarks.load import CONNECTIONS, drive
from benchmarks.measure import Pair
from benchmarks.processes import cpu_seconds, ended_children_cpu_seconds, pin
from benchmarks.results import Busy, Scaling, Shape
from benchmarks.server import Server
from benchmarks.services import OURS, PYTHON, Service, running

IMPORT = (
    "import time; begin = time.perf_counter(); "
    "import app.api.server; print(time.perf_counter() - begin)"
)
CHOSEN = ("one job", "feed")
"""Which calls are measured in more ways than one."""
GROUPS = 4
BETWEEN_GROUPS = 0.25  # seconds
WORKERS_START = 1.0  # seconds that the second worker may be behind the first


def import_seconds(times: int) -> float:
    """How long a new process takes to import the service: the median of several."""

    def run() -> float:
        command = [PYTHON, "-c", IMPORT]
        said = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 (our own)
        return float(said.stdout)

    return median(run() for _ in range(times))


def ready_seconds(server: Server, market: Market, times: int) -> float:
    """How long the service takes from its start until `/readyz` says so: the median of several."""

    def start() -> float:
        with running(OURS, market.url, server.cores.service) as service:
            return service.started_in

    return median(start() for _ in range(times))


def shapes(
    server: Server, services: Pair, calls: Sequence[Call], seconds: int
) -> list[tuple[Shape, Shape]]:
    """Sends calls at half of the rate that a service can bear, when all processes share all cores.

    The connections pause between their requests, independently of each other.
    """
    with _all_cores(server, services):
        return [
            (_shape(services.ours, call, seconds), _shape(services.reference, call, seconds))
            for call in calls
        ]


def _shape(service: Service, call: Call, seconds: int) -> Shape:
    highest = drive(service.address, call.requests, seconds).rate
    pause = 2 * CONNECTIONS / highest
    load = drive(service.address, call.requests, seconds, wait=1000 * pause)
    return Shape(call.title, load.rate, load.p50, load.p99)


def scaling(server: Server, market: Market, calls: Sequence[Call], seconds: int) -> list[Scaling]:
    """Measures what a second worker brings when all processes share all cores."""
    with _all_cores(server):
        one, two = (_with_workers(server, market, calls, workers, seconds) for workers in (1, 2))
    return [
        Scaling(call.title, (rate, rate_of_two), (busy, busy_of_two))
        for call, (rate, busy), (rate_of_two, busy_of_two) in zip(calls, one, two, strict=True)
    ]


def _with_workers(
    server: Server, market: Market, calls: Sequence[Call], workers: int, seconds: int
) -> list[tuple[float, Busy]]:
    """The rate of each call, and how many cores service, server and wrk kept busy with it."""
    results = []
    with running(OURS, market.url, server.cores.all, workers) as service:

        def spent() -> tuple[float, ...]:
            return cpu_seconds(service.pid), cpu_seconds(server.pid), ended_children_cpu_seconds()

        time.sleep(WORKERS_START)
        for call in calls:
            drive(service.address, call.requests, 1)  # until all statements are prepared
            begin, before = time.monotonic(), spent()
            rate = _drive_in_groups(service.address, call, seconds)
            elapsed, after = time.monotonic() - begin, spent()
            busy = ((b - a) / elapsed for a, b in zip(before, after, strict=True))
            results.append((rate, Busy(*busy)))
    return results


def _drive_in_groups(address: str, call: Call, seconds: int) -> float:
    """Sends a call over connections that come one group after the other, as behind a proxy.

    Those that come at once are nearly all accepted by the worker that wakes first.

    Returns:
        The requests per second of all groups together.
    """
    size = CONNECTIONS // GROUPS
    with ThreadPoolExecutor(GROUPS) as drivers:
        loads = []
        for _ in range(GROUPS):
            loads.append(drivers.submit(drive, address, call.requests, seconds, connections=size))
            time.sleep(BETWEEN_GROUPS)
        requests = sum(load.result().requests for load in loads)
    return requests / (seconds + BETWEEN_GROUPS * (GROUPS - 1))


@contextmanager
def _all_cores(server: Server, services: Iterable[Service] = ()) -> Iterator[None]:
    """Lets everybody use all cores for a while, as in operation."""
    others = (server.pid, os.getpid())
    own = [service.pid for service in services]
    for pid in (*others, *own):
        pin(pid, server.cores.all)
    yield
    for pid in others:
        pin(pid, server.cores.rest)
    for pid in own:
        pin(pid, server.cores.service)
