"""CPU time and memory of processes, from /proc (see proc(5))."""

import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
UTIME, STIME, CUTIME, CSTIME = 11, 12, 13, 14  # indexes in /proc/*/stat after the name
PPID = 1


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty if there is no such process."""
    try:
        content = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return content.rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat(int(entry.name))):
            children[int(fields[PPID])].append(int(entry.name))
    found = [pid]
    for parent in found:
        found += children[parent]
    return found


def cpu_seconds(pid: int) -> float:
    """The CPU time of a process and its descendants, in seconds.

    Descendants that have ended count with the process that has waited for them.
    """
    ticks = 0
    for member in family(pid):
        if fields := stat(member):
            ticks += sum(int(fields[place]) for place in (UTIME, STIME, CUTIME, CSTIME))
    return ticks / TICK


def own_cpu_seconds(pid: int) -> float:
    """The CPU time of a process without its descendants, in seconds, exact to microseconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def ended_children_cpu_seconds() -> float:
    """The CPU time of ended children of this process, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def machine_cpu_seconds() -> float:
    """The CPU time of all programs since the start of the machine, in seconds."""
    user, nice, system, _, _, *interrupts = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    )
    return (user + nice + system + sum(interrupts)) / TICK


class Neighbours:
    """The load by other programs, which distorts a measurement."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._before = self._cpu_seconds()

    def busy_cores(self) -> float:
        """The mean number of cores busy with them since the creation of this object."""
        return (self._cpu_seconds() - self._before) / (time.monotonic() - self._begun)

    def _cpu_seconds(self) -> float:
        return machine_cpu_seconds() - cpu_seconds(os.getpid())


def resident_bytes(pid: int) -> int:
    """The resident set size of a process."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def pin(pid: int, cores: Iterable[int]) -> None:
    """Restricts a process and its descendants to these cores."""
    for member in family(pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # the process may have ended
            for thread in Path(f"/proc/{member}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores)
