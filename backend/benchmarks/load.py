"""Load generation with wrk, at the highest or a chosen rate."""

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
FLUSH = 5  # seconds allowed to wrk beyond its duration


class Request(NamedTuple):
    """A request.

    Args:
        method: Its method.
        path: Its path.
        token: An access token.
        kind: The media type of the body.
        body: The body.
        cookie: A session cookie.
    """

    method: str
    path: str
    token: str = ""
    kind: str = ""
    body: str = ""
    cookie: str = ""


class Load(NamedTuple):
    """The result of a run: requests, seconds, and response times."""

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
    """An invalid run: a response was not a success."""


def wrk() -> str:
    """The path of wrk. Ends the program with a message if it is missing."""
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
    """The version of wrk."""
    command = [wrk(), "-v"]
    said = subprocess.run(command, capture_output=True, check=False, text=True).stdout  # noqa: S603 (constant arguments)
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
    """Sends requests for some time, and measures the response times.

    Args:
        address: The URL of the service.
        requests: The requests, sent in order, repeatedly.
        seconds: The duration.
        once: Whether each request can be sent only once.
        wait: The mean pause of a connection before each request, in milliseconds.
        connections: The number of concurrent connections.

    Raises:
        LoadFailed: A request failed, or there were too few.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines("\t".join(request) + "\n" for request in requests)
        file.flush()
        result = subprocess.run(  # noqa: S603 (constant arguments)
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
