"""When the server did what, and how long it took, by its own log."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks.counting import configure
from benchmarks.server import Server, log

PREFIX = "%n %p "  # the moment in seconds, and the process
ENTRY = re.compile(
    r"^(?P<ended>\d+\.\d{3}) (?P<process>\d+) LOG:  duration: (?P<duration>\d+\.\d+) ms"
    r"  (?P<step>parse|bind|execute|statement)\b.*?: (?P<text>.*(?:\n\t.*)*)",
    re.MULTILINE,
)
JOB_LOCKED = re.compile(r"FROM cleanings\b.*\bFOR NO KEY UPDATE OF cleanings", re.DOTALL)
ENDED = re.compile("COMMIT|ROLLBACK")


class Step(NamedTuple):
    """Something that the server did for a client: a statement, or the preparation of one.

    Args:
        ended: The moment at which it was done, in seconds.
        process: Who did it.
        duration: How many seconds it took.
        runs: Whether a statement was run.
        text: The statement.
    """

    ended: float
    process: int
    duration: float
    runs: bool
    text: str


@contextmanager
def steps_logged(server: Server) -> Iterator[list[Step]]:
    """Has the server write down all that it does in the block; the list is full at the end of it.

    It becomes a bit slower by that.
    """
    names = ("log_min_duration_statement", "log_line_prefix")
    changes = (f"SET {names[0]} = 0", f"SET {names[1]} = '{PREFIX}'")
    steps: list[Step] = []
    asyncio.run(configure(server, *changes))
    begin = log().stat().st_size
    try:
        yield steps
    finally:
        with log().open(errors="replace") as file:
            file.seek(begin)
            steps += steps_in(file.read())
        asyncio.run(configure(server, *(f"RESET {name}" for name in names)))


def steps_in(content: str) -> Iterator[Step]:
    """The steps that a log tells of, in their order."""
    for entry in ENTRY.finditer(content):
        ended, process, duration, step, text = entry.groups()
        yield Step(
            float(ended),
            int(process),
            float(duration) / 1e3,
            step in ("execute", "statement"),
            text,
        )


def job_locks(steps: Iterable[Step]) -> Iterator[float]:
    """For how many seconds each transaction held the lock of a job."""
    since: dict[int, float] = {}
    for step in steps:
        if step.runs and JOB_LOCKED.search(step.text):
            since[step.process] = step.ended
        elif ENDED.match(step.text) and step.process in since:
            yield step.ended - since.pop(step.process)
