"""Drives a service with wrk, as hard as it can or at a chosen pace."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).parent / "requests.lua"
CONNECTIONS = 32
FLUSH = 5  # seconds that wrk gets beyond its time


class Request(NamedTuple):
    """What is sent."""

    method: str
    path: str
    token: str = ""
    kind: str = ""
    body: str = ""


class Load(NamedTuple):
    """What came of a run: how many requests in how many seconds, and how long they took."""

    requests: int
    seconds: float
    p50: float
    p99: float
    longest: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


class LoadFailed(Exception):
    """A run that measures nothing, since not every answer was what it should be."""


def wrk() -> str:
    """Where wrk is. Ends the program with a message if it is not there."""
    found = shutil.which("wrk")
    if found is None:
        sys.exit(
            "The load comes from wrk 4.1 or newer (https://github.com/wg/wrk), which is not here.\n"
            "Install it, then try again: `apt install wrk` on Debian and Ubuntu, `dnf install wrk` "
            "on Fedora,\n`pacman -S wrk` on Arch, `brew install wrk` on macOS; or build it and put "
            "it on the PATH."
        )
    return found


def wrk_version() -> str:
    """Which wrk it is."""
    command = [wrk(), "-v"]
    said = subprocess.run(command, capture_output=True, check=False, text=True).stdout  # noqa: S603 (our own)
    number = re.search(r"\d+\.\d+\.\d+", said)
    return number[0] if number else "?"


def drive(
    address: str,
    requests: Iterable[Request],
    seconds: int,
    *,
    once: bool = False,
    wait: float = 0,
    connections: int = CONNECTIONS,
) -> Load:
    """Sends requests for some time, and measures how they are answered.

    Args:
        address: Where the service is.
        requests: What to send, in this order, and from the beginning again.
        seconds: For how long.
        once: Whether each request can be sent one time only.
        wait: How many milliseconds each connection pauses on average before each request.
        connections: How many of them send at the same time.

    Raises:
        LoadFailed: A request failed, or there were too few.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines("\t".join(request) + "\n" for request in requests)
        file.flush()
        result = subprocess.run(  # noqa: S603 (all arguments are our own)
            [
                wrk(),
                "--threads=1",
                f"--connections={connections}",
                f"--duration={seconds}s",
                "--timeout=10s",
                f"--script={SCRIPT}",
                address,
                "--",
                file.name,
                "once" if once else "again",
                str(wait),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + FLUSH + 10,
        )
    if result.returncode != 0:
        raise LoadFailed(f"wrk failed:\n{result.stdout}{result.stderr}")
    said = json.loads(result.stdout.splitlines()[-1])
    if said["refused"] or said["broken"] or not said["requests"]:
        raise LoadFailed(f"{address}: {said['refused']} refused, {said['broken']} broken: {said}")
    if said["exhausted"]:
        raise LoadFailed("Too few requests are prepared for such a long run: take a larger market.")
    return Load(
        said["requests"],
        said["microseconds"] / 1e6,
        said["p50"] / 1e6,
        said["p99"] / 1e6,
        said["longest"] / 1e6,
    )
