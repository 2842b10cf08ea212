"""Further measurements: start-up, latency at half load, a second worker."""

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

IMPORT = """
import time
begin = time.perf_counter()
from app.core.collection import collection_set_up
with collection_set_up():
    import app.api.server
    print(time.perf_counter() - begin)
"""
"""As the service is imported when it starts (`app.api.launch`)."""
CHOSEN = ("one job", "feed")
"""The calls of these measurements."""
GROUPS = 4
BETWEEN_GROUPS = 0.25  # seconds
WORKERS_START = 1.0  # seconds between the starts of the two workers


def import_seconds(times: int) -> float:
    """The time to import the service in a new process: the median of several."""

    def run() -> float:
        command = [PYTHON, "-c", IMPORT]
        said = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 (constant arguments)
        return float(said.stdout)

    return median(run() for _ in range(times))


def ready_seconds(server: Server, market: Market, times: int) -> float:
    """The time from the start until `/readyz` succeeds: the median of several."""

    def start() -> float:
        with running(OURS, market.url, server.cores.service) as service:
            return service.started_in

    return median(start() for _ in range(times))


def shapes(
    server: Server, services: Pair, calls: Sequence[Call], seconds: int
) -> list[tuple[Shape, Shape]]:
    """Measures calls at half of the highest rate, with all processes sharing all cores.

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
    """Measures the gain of a second worker, with all processes sharing all cores."""
    with _all_cores(server):
        one, two = (_with_workers(server, market, calls, workers, seconds) for workers in (1, 2))
    return [
        Scaling(call.title, (rate, rate_of_two), (busy, busy_of_two))
        for call, (rate, busy), (rate_of_two, busy_of_two) in zip(calls, one, two, strict=True)
    ]


def _with_workers(
    server: Server, market: Market, calls: Sequence[Call], workers: int, seconds: int
) -> list[tuple[float, Busy]]:
    """The rate of each call, and the busy cores of service, server and wrk."""
    results = []
    with running(OURS, market.url, server.cores.all, workers) as service:

        def spent() -> tuple[float, ...]:
            return cpu_seconds(service.pid), cpu_seconds(server.pid), ended_children_cpu_seconds()

        time.sleep(WORKERS_START)
        for call in calls:
            drive(service.address, call.requests, 1)  # prepares all statements
            begin, before = time.monotonic(), spent()
            rate = _drive_in_groups(service.address, call, seconds)
            elapsed, after = time.monotonic() - begin, spent()
            busy = ((b - a) / elapsed for a, b in zip(before, after, strict=True))
            results.append((rate, Busy(*busy)))
    return results


def _drive_in_groups(address: str, call: Call, seconds: int) -> float:
    """Sends a call over groups of connections opened one after the other, as behind a proxy.

    Simultaneous connections are nearly all accepted by the worker that wakes first.

    Returns:
        Requests per second of all groups together.
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
    """Context manager that lets all processes use all cores, as in production."""
    others = (server.pid, os.getpid())
    own = [service.pid for service in services]
    for pid in (*others, *own):
        pin(pid, server.cores.all)
    yield
    for pid in others:
        pin(pid, server.cores.rest)
    for pid in own:
        pin(pid, server.cores.service)
