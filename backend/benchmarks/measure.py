"""Measurements of the service and the reference, alternately, in rounds."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from benchmarks.calls import Call
from benchmarks.data import Market, rewind
from benchmarks.load import Load, LoadFailed, drive
from benchmarks.processes import cpu_seconds
from benchmarks.results import Run
from benchmarks.server import Server
from benchmarks.services import Service

QUIET = 0.15  # seconds without CPU time after which a service counts as idle
PATIENCE = 30.0  # seconds until a service must be idle


class Pair(NamedTuple):
    """The two compared services."""

    ours: Service
    reference: Service


class Bench:
    """Two services on one market.

    Args:
        server: The database server.
        market: The market.
        services: The service and the reference.
        calls: The measured calls.
    """

    def __init__(
        self, server: Server, market: Market, services: Pair, calls: Sequence[Call]
    ) -> None:
        self.server, self.market, self.services, self.calls = server, market, services, calls

    def warm_up(self, seconds: int) -> None:
        """Runs all calls until each connection has prepared each statement."""
        cheap = [call.requests for call in self.calls if call.title != "log in"]
        requests = list(chain.from_iterable(zip(*cheap, strict=False)))
        for service in self.services:
            drive(service.address, requests, seconds, once=True)
            self.undo(service)

    def round(self, seconds: int, *, reversed_order: bool) -> Iterator[tuple[Call, Run, Run]]:
        """Measures each call once in the service and, adjacent in time, in the reference.

        Args:
            seconds: The duration of each run.
            reversed_order: Whether the reference is first.
        """
        for call in self.calls:
            if reversed_order:
                reference, ours = (self.run(it, call, seconds) for it in self.services[::-1])
            else:
                ours, reference = (self.run(it, call, seconds) for it in self.services)
            yield call, ours, reference

    def run(self, service: Service, call: Call, seconds: int) -> Run:
        """Measures one call in one service.

        Raises:
            LoadFailed: A response was not a success.
        """
        app, server = cpu_seconds(service.pid), cpu_seconds(self.server.pid)
        try:
            load = drive(service.address, call.requests, seconds, once=call.once)
        except LoadFailed as error:
            raise LoadFailed(f"{call.title}, {service.program.name}: {error}") from error
        app, server = cpu_seconds(service.pid) - app, cpu_seconds(self.server.pid) - server
        if call.writes:
            self.undo(service)
        return _run_of(load, app, server)

    def undo(self, service: Service) -> None:
        """Undoes the writes of a load after its last requests."""
        settle(service)
        asyncio.run(rewind(self.market))


def _run_of(load: Load, app: float, server: float) -> Run:
    """The result of a load, with the costs per request."""
    requests = load.requests
    return Run(load.rate, load.p50, load.p99, load.longest, app / requests, server / requests)


def settle(service: Service) -> None:
    """Waits until a service is idle.

    wrk doesn't wait for the last responses, so the service still works after its end.

    Raises:
        TimeoutError: The service is not idle in time.
    """
    deadline = time.monotonic() + PATIENCE
    before = -1.0
    while (now := cpu_seconds(service.pid)) != before:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{service.program.name} doesn't come to rest.")
        before = now
        time.sleep(QUIET)
