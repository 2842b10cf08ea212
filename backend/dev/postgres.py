"""An embedded PostgreSQL server, without Docker or an installation."""

import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType

from dev.cluster import PostgresError, beside, initialise, program, tail
from dev.processes import die_with_parent

START_TIMEOUT = 60.0  # seconds, since recovery after a crash is part of a start
STOP_TIMEOUT = 20.0  # seconds
POLL_INTERVAL = 0.02  # seconds
PORT_ATTEMPTS = 5
NO_OPTIONS: Mapping[str, str] = MappingProxyType({})


@contextmanager
def embedded_postgres(
    data_directory: Path, options: Mapping[str, str] = NO_OPTIONS
) -> Iterator[str]:
    """Context manager that runs a server on a data directory, or uses one already running there.

    A server started here listens on a free port of 127.0.0.1. It stops at the end of the context,
    or when this process or the starting thread ends: call this from the main thread.

    Args:
        data_directory: The data directory, initialised when empty or missing. Two files of its name
            are beside it: the server's ``.log`` and a ``.lock``.
        options: Server settings by name. A server that already runs keeps its own.

    Yields:
        The ``postgresql://`` URL of the database ``postgres``, for the superuser.

    Raises:
        PostgresError: The server doesn't start.
        OSError: The data directory can't be written, or holds something else.
    """
    data_directory = data_directory.absolute()
    data_directory.parent.mkdir(parents=True, exist_ok=True)
    with beside(data_directory, ".lock").open("w") as lock:
        url = other_server(data_directory, lock.fileno())
        if url:
            yield url
            return
        if not (data_directory / "PG_VERSION").exists():
            initialise(data_directory)
        server, url = start(data_directory, options, lock.fileno())
        try:
            yield url
        finally:
            stop(server)


def other_server(data_directory: Path, lock: int) -> str | None:
    """Waits for the URL of a server of another process, or until there is none.

    Every process of a server holds the lock, so the kernel releases it with the last of them. A
    ``postmaster.pid`` is less reliable: it outlives a ``kill -9``.

    Returns:
        The URL, or None once this process has the lock.
    """
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if url := ready_url(data_directory):
                return url
            time.sleep(POLL_INTERVAL)
        else:
            return None
    raise PostgresError(f"Another server on {data_directory} neither gets ready nor ends.")


def ready_url(data_directory: Path) -> str | None:
    """The URL of a server that accepts connections, from its ``postmaster.pid``."""
    try:
        _, _, _, port, _, _, _, status = (
            (data_directory / "postmaster.pid").read_text().splitlines()
        )
    except (FileNotFoundError, ValueError):  # still starting
        return None
    if status.strip() != "ready":
        return None
    password = (data_directory / "password").read_text()
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def start(
    data_directory: Path, options: Mapping[str, str], lock: int
) -> tuple[subprocess.Popen[bytes], str]:
    """Starts a server and waits until it accepts connections."""
    (data_directory / "postmaster.pid").unlink(missing_ok=True)
    log = beside(data_directory, ".log")
    for _ in range(PORT_ATTEMPTS):
        server = spawn(data_directory, options, lock)
        deadline = time.monotonic() + START_TIMEOUT
        while server.poll() is None and time.monotonic() < deadline:
            if url := ready_url(data_directory):
                return server, url
            time.sleep(POLL_INTERVAL)
        stop(server)
        if "Address already in use" not in log.read_text():
            break
    raise PostgresError(f"PostgreSQL didn't start; {log} ends with:\n{tail(log.read_text())}")


def spawn(data_directory: Path, options: Mapping[str, str], lock: int) -> subprocess.Popen[bytes]:
    """Starts the server in a process group of its own, which Ctrl-C doesn't reach."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(free_port()),
        "unix_socket_directories": "",  # the path of a socket is limited in length
        **options,
    }
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    with beside(data_directory, ".log").open("w") as log:
        return subprocess.Popen(
            [*program("postgres"), "-D", str(data_directory), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            process_group=0,
            preexec_fn=partial(die_with_parent, signal.SIGINT, os.getpid()),  # noqa: PLW1509
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stops a server by a fast shutdown."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def free_port() -> int:
    """A free port of 127.0.0.1."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
        return port
