"""The results of a benchmark."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, NamedTuple

Figure = Literal["rate", "p50", "p99", "longest", "app", "server"]
"""A figure of a run."""


class Run(NamedTuple):
    """The figures of a run. Times are in seconds; `app` and `server` are CPU times per request."""

    rate: float
    p50: float
    p99: float
    longest: float
    app: float
    server: float


@dataclass(frozen=True)
class CallResult:
    """The results of one call.

    Args:
        title: The name of the call.
        goal: The required ratio of requests per second.
        ours: The runs of the service, one per round.
        reference: The corresponding runs of the reference.
        statements: Statements per request in the service and in the reference.
    """

    title: str
    goal: float | None
    ours: Sequence[Run]
    reference: Sequence[Run]
    statements: tuple[float, float]

    def typical(self, figure: Figure) -> tuple[float, float]:
        """The median of a figure in the service and in the reference."""
        return (
            median(getattr(run, figure) for run in self.ours),
            median(getattr(run, figure) for run in self.reference),
        )

    def ratio(self, figure: Figure) -> float:
        """The service's figure divided by the reference's: the median over the rounds."""
        pairs = zip(self.ours, self.reference, strict=True)
        ratios: list[float] = [getattr(a, figure) / getattr(b, figure) for a, b in pairs]
        return median(ratios)


class Shape(NamedTuple):
    """The latency of a call at half of the highest rate."""

    title: str
    rate: float
    p50: float
    p99: float


class Standstills(NamedTuple):
    """Stalls of a core of more than a millisecond.

    Args:
        rate: Stalls per second on all cores together.
        length: The typical length in seconds.
    """

    rate: float
    length: float


class Busy(NamedTuple):
    """Busy cores by program."""

    app: float
    server: float
    generator: float


class Scaling(NamedTuple):
    """The gain of a second worker, with all processes sharing all cores.

    Args:
        title: The call.
        rates: Requests per second with one worker and with two.
        busy: Busy cores with one worker and with two.
    """

    title: str
    rates: tuple[float, float]
    busy: tuple[Busy, Busy]


class Acceptance(NamedTuple):
    """The cost of accepting one of many offers.

    Args:
        in_database: Seconds in PostgreSQL.
        in_all: Seconds in all.
        statements: The number of statements, including BEGIN and COMMIT.
        events: The number of events recorded.
    """

    in_database: float
    in_all: float
    statements: int
    events: int


class Contention(NamedTuple):
    """Contention on one job.

    Args:
        one_job: Offers per second of many clients for one job.
        many_jobs: Offers per second for different jobs.
        locked: Seconds for which a transaction holds the lock of the job.
        locked_share: The share of time during which the lock is held.
        paced_rate: Offers per second for one job at a moderate rate.
        paced_p99: The p99 of their response times in seconds.
        deadlocks: The number of deadlocks.
        acceptance: The cost of accepting one of the offers.
    """

    one_job: float
    many_jobs: float
    locked: float
    locked_share: float
    paced_rate: float
    paced_p99: float
    deadlocks: int
    acceptance: Acceptance


@dataclass(frozen=True)
class Results:
    """All results of `make bench`.

    Args:
        jobs: The size of the market.
        rounds: The number of rounds.
        seconds: The duration of each run.
        calls: The results of each call.
        worker_bytes: The memory of a worker of the service and of the reference afterwards.
        ready_in: Seconds until the service is ready.
        import_in: Seconds of that for the import.
        painted_in: Seconds until the page of jobs is seen on a cheap phone; None without Chromium.
        neighbours: Cores busy with other programs during the measurement.
        standstills: Stalls of the machine.
        shapes: Some calls at half of the highest rate, in the service and in the reference.
        scaling: Some calls with two workers.
        contention: The contention on one job.
    """

    jobs: int
    rounds: int
    seconds: int
    calls: Sequence[CallResult]
    worker_bytes: tuple[float, float]
    ready_in: float
    import_in: float
    painted_in: float | None
    neighbours: float
    standstills: Standstills
    contention: Contention
    shapes: Sequence[tuple[Shape, Shape]]
    scaling: Sequence[Scaling]
