"""Stalls of the machine: times in which the kernel or the host takes a core from its program."""

import os
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from statistics import median

from benchmarks.results import Standstills

NOTICED = 0.001  # seconds, longer than most responses take


def standstills(cores: Iterable[int], seconds: float) -> Standstills:
    """Measures stalls by reading the clock continuously on each core.

    Args:
        cores: The cores.
        seconds: The duration.
    """
    chosen = list(cores)
    with ProcessPoolExecutor(len(chosen)) as processes:
        found = list(chain.from_iterable(processes.map(partial(_gaps, seconds), chosen)))
    return Standstills(len(found) / seconds, median(found) if found else 0.0)


def _gaps(seconds: float, core: int) -> list[float]:
    """The gaps between two readings of the clock, in seconds."""
    os.sched_setaffinity(0, {core})
    found = []
    last = time.perf_counter()
    end = last + seconds
    while last < end:
        now = time.perf_counter()
        if now - last > NOTICED:
            found.append(now - last)
        last = now
    return found
