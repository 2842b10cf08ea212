"""Loads the service and the reference in turn, round after round."""

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

QUIET = 0.15  # seconds without work, after which a service has nothing left to do
PATIENCE = 30.0  # seconds until it must have got there


class Pair(NamedTuple):
    """The two services that are compared."""

    ours: Service
    reference: Service


class Bench:
    """Two services on one market, ready to be measured.

    Args:
        server: The database server.
        market: What both work on.
        services: The service and the reference.
        calls: What is asked of them.
    """

    def __init__(
        self, server: Server, market: Market, services: Pair, calls: Sequence[Call]
    ) -> None:
        self.server, self.market, self.services, self.calls = server, market, services, calls

    def warm_up(self, seconds: int) -> None:
        """Sends a bit of everything until each connection has prepared each statement."""
        cheap = [call.requests for call in self.calls if call.title != "log in"]
        requests = list(chain.from_iterable(zip(*cheap, strict=False)))
        for service in self.services:
            drive(service.address, requests, seconds, once=True)
            self.undo(service)

    def round(self, seconds: int, *, reversed_order: bool) -> Iterator[tuple[Call, Run, Run]]:
        """Measures each call once: in the service and, next to it in time, in the reference.

        Args:
            seconds: For how long each time.
            reversed_order: Whether the reference begins.
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
            LoadFailed: A request was not answered as it should be.
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
        """Takes back what a load has written, once the last requests of it are done."""
        settle(service)
        asyncio.run(rewind(self.market))


def _run_of(load: Load, app: float, server: float) -> Run:
    """What a load says, with the costs shared out to its requests."""
    requests = load.requests
    return Run(load.rate, load.p50, load.p99, load.longest, app / requests, server / requests)


def settle(service: Service) -> None:
    """Waits until a service has nothing to do.

    wrk doesn't wait for the last answers, so the service still works when it has ended.

    Raises:
        TimeoutError: It doesn't come to rest.
    """
    deadline = time.monotonic() + PATIENCE
    before = -1.0
    while (now := cpu_seconds(service.pid)) != before:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{service.program.name} doesn't come to rest.")
        before = now
        time.sleep(QUIET)
