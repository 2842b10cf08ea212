"""What a benchmark finds out."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal, NamedTuple

Figure = Literal["rate", "p50", "p99", "longest", "app", "server"]
"""What is measured in a run."""


class Run(NamedTuple):
    """How a service bore a load. Times are in seconds; those per request are of a core's time."""

    rate: float
    p50: float
    p99: float
    longest: float
    app: float
    server: float


@dataclass(frozen=True)
class CallResult:
    """What one call costs, in the service and in the reference.

    Args:
        title: What the call is called.
        goal: The ratio of requests per second that is wanted at least.
        ours: The runs of the service, one of each round.
        reference: Those of the reference, beside them in time.
        statements: How many statements a request takes, in the service and in the reference.
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
    """How a call is answered at half of the highest rate."""

    title: str
    rate: float
    p50: float
    p99: float


class Standstills(NamedTuple):
    """How often a core was kept from its program for longer than a millisecond.

    Args:
        rate: How often in a second, on all cores together.
        length: For how many seconds, typically.
    """

    rate: float
    length: float


class Busy(NamedTuple):
    """How many cores were kept busy by whom."""

    app: float
    server: float
    generator: float


class Scaling(NamedTuple):
    """What a second worker brings, where all processes share all cores.

    Args:
        title: The call.
        rates: The requests per second with one worker and with two.
        busy: Who kept the cores busy, with one worker and with two.
    """

    title: str
    rates: tuple[float, float]
    busy: tuple[Busy, Busy]


class Acceptance(NamedTuple):
    """What it costs to accept one of many offers.

    Args:
        in_database: For how many seconds PostgreSQL worked on it.
        in_all: How many seconds it took.
        statements: How many statements it took, BEGIN and COMMIT included.
        events: How many events it recorded.
    """

    in_database: float
    in_all: float
    statements: int
    events: int


class Contention(NamedTuple):
    """What a popular job has to bear.

    Args:
        one_job: Offers per second when all of many clients make them for one job.
        many_jobs: The same when each makes them for other jobs.
        locked: For how many seconds a transaction holds the lock of that one job.
        locked_share: For which part of the time somebody holds it.
        paced_rate: Offers per second when the clients take their time, again for one job.
        paced_p99: How many seconds 99 of 100 of those take at most.
        deadlocks: How often PostgreSQL had to end one.
        acceptance: What it costs to accept one of the offers.
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
    """Everything that `make bench` finds out.

    Args:
        jobs: How large the market was.
        rounds: How often each call was measured.
        seconds: For how long each time.
        calls: What each costs.
        worker_bytes: The memory of the service's and of the reference's worker afterwards.
        ready_in: How many seconds the service takes to be ready.
        import_in: How many of them go into importing it.
        neighbours: How many cores were busy with other programs while the calls were measured.
        standstills: How often the machine itself stands still.
        shapes: Some calls at half of the highest rate, in the service and in the reference.
        scaling: Some calls with two workers.
        contention: What a popular job has to bear.
    """

    jobs: int
    rounds: int
    seconds: int
    calls: Sequence[CallResult]
    worker_bytes: tuple[float, float]
    ready_in: float
    import_in: float
    neighbours: float
    standstills: Standstills
    contention: Contention
    shapes: Sequence[tuple[Shape, Shape]]
    scaling: Sequence[Scaling]
