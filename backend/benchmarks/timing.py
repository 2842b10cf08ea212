"""Statements of the server with their times, from its log."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from benchmarks.counting import configure
from benchmarks.server import Server, log

PREFIX = "%n %p "  # time in seconds, and process id
ENTRY = re.compile(
    r"^(?P<ended>\d+\.\d{3}) (?P<process>\d+) LOG:  duration: (?P<duration>\d+\.\d+) ms"
    r"  (?P<step>parse|bind|execute|statement)\b.*?: (?P<text>.*(?:\n\t.*)*)",
    re.MULTILINE,
)
JOB_LOCKED = re.compile(r"FROM cleanings\b.*\bFOR NO KEY UPDATE OF cleanings", re.DOTALL)
ENDED = re.compile("COMMIT|ROLLBACK")


class Step(NamedTuple):
    """The execution or the preparation of a statement.

    Args:
        ended: The time of its end, in seconds.
        process: The process id.
        duration: The duration in seconds.
        runs: Whether the statement was executed.
        text: The statement.
    """

    ended: float
    process: int
    duration: float
    runs: bool
    text: str


@contextmanager
def steps_logged(server: Server) -> Iterator[list[Step]]:
    """Context manager that logs all statements; the list is filled at its end.

    Logging slows the server down a little.
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
    """The steps in a log, in order."""
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
    """The seconds for which each transaction held the lock of a job."""
    since: dict[int, float] = {}
    for step in steps:
        if step.runs and JOB_LOCKED.search(step.text):
            since[step.process] = step.ended
        elif ENDED.match(step.text) and step.process in since:
            yield step.ended - since.pop(step.process)
