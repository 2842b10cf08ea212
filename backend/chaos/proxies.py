"""Two servers behind HAProxy, configured as in production."""

import asyncio
import csv
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from chaos.programs import started
from chaos.services import SERVER, process, until_ready
from dev.certificates import make_certificate
from dev.postgres import free_port

CONFIGURATION = Path(__file__).parents[1] / "ops" / "proxy" / "haproxy.cfg"
PROGRAM = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
"""HAProxy, if it is installed: Debian's package is ``haproxy``."""
UNLIMITED = {
    "REQUESTS_PER_ADDRESS": "10000000",
    "WRITES_PER_ADDRESS": "10000000",
    "REQUESTS_AT_ONCE_PER_ADDRESS": "10000000",
    "STREAMS_PER_ADDRESS": "10000000",
    "CONNECTIONS_PER_ADDRESS": "10000000",
}
"""Settings of a proxy without limits per address."""
DRAIN_SECONDS = 2.0
STATISTICS = """
global
    stats socket {}
"""
"""Appended to the configuration: a socket for the statistics of HAProxy."""
NAMES = ("server-a", "server-b", "localhost")
"""The names in the servers' certificate."""
AS_IN_THE_IMAGE = (
    "--no-proxy-headers",
    "--timeout-graceful-shutdown=10",
)


class Backend(Protocol):
    """A server for the proxy."""

    @property
    def address(self) -> str:
        """Host and port."""

    @property
    def certificate(self) -> Path:
        """Its certificate."""


class Replica:
    """A server that can be stopped and restarted on its port.

    Args:
        folder: For its log.
        database_url: The database.
        certificate: Its certificate; the key is the file ``key`` beside it.
        settings: Further environment variables.
    """

    def __init__(self, folder: Path, database_url: str, certificate: Path, **settings: str) -> None:
        self.port, self.certificate, self.database_url = free_port(), certificate, database_url
        self.log = folder / f"server-{self.port}.log"
        self._settings = {
            "DATABASE_URL": database_url,
            "DRAIN_SECONDS": str(DRAIN_SECONDS),
            "TRUSTED_PROXIES": "127.0.0.1",
            "UVICORN_SSL_CERTFILE": str(certificate),
            "UVICORN_SSL_KEYFILE": str(certificate.with_name("key")),
            **settings,
        }
        self._running = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id; 0 before the start."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Starts the server and waits until it is ready.

        Raises:
            RuntimeError: The server does not start.
        """
        module = (*SERVER, *AS_IN_THE_IMAGE, f"--port={self.port}")
        self._process = server = self._running.enter_context(
            process(module, self.log, **self._settings)
        )
        address = f"https://localhost:{self.port}"
        await until_ready(server, address, self.log, self.certificate)

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the process."""
        if self._process:
            self._process.send_signal(number)

    async def stop(self) -> None:
        """Sends SIGTERM, as Docker does, and waits for the end."""
        if self._process:
            self._process.terminate()
            await asyncio.to_thread(self._process.wait)

    def close(self) -> None:
        """Kills the process if it runs."""
        self._running.close()


@asynccontextmanager
async def replicas(
    folder: Path, database_url: str, **settings: str
) -> AsyncIterator[tuple[Replica, Replica]]:
    """Context manager for two servers that are ready."""
    certificate = make_certificate(folder, *NAMES)
    a, b = (Replica(folder, database_url, certificate, **settings) for _ in range(2))
    both = a, b
    try:
        for replica in both:
            await replica.start()
        yield both
    finally:
        for replica in both:
            replica.close()


@asynccontextmanager
async def proxy(
    folder: Path, servers: tuple[Backend, Backend], **settings: str
) -> AsyncIterator[str]:
    """Context manager for HAProxy as in production; yields its URL when it is ready.

    Args:
        folder: For its log ``proxy.log`` and the socket of its statistics.
        servers: The backends.
        settings: Additional environment variables.

    Raises:
        RuntimeError: HAProxy is not installed, or does not start.
    """
    if PROGRAM is None:
        raise RuntimeError("HAProxy is not installed (apt-get install haproxy).")
    listen, status = (f"127.0.0.1:{free_port()}" for _ in range(2))
    environment = {
        "LISTEN": listen,
        "STATUS": status,
        "SERVER_A": servers[0].address,
        "SERVER_B": servers[1].address,
        "SERVICE_CERTIFICATE_FILE": str(servers[0].certificate),
        **settings,
    }
    statistics, log = folder / "statistics.cfg", folder / "proxy.log"
    statistics.write_text(STATISTICS.format(counters_of(folder)))
    command = [PROGRAM, "-db", "-f", str(CONFIGURATION), "-f", str(statistics)]
    with started(command, log, environment) as haproxy:
        await until_ready(haproxy, f"http://{status}", log)
        yield f"{'https' if 'TLS_CERTIFICATE_FILE' in settings else 'http'}://{listen}"


def counters_of(folder: Path) -> Path:
    """The socket of the proxy that has this folder."""
    return folder / "proxy.socket"


async def connections_made(folder: Path) -> int:
    """How many connections a proxy has made to servers for requests; checks are not counted.

    Args:
        folder: The folder of the proxy.
    """
    reader, writer = await asyncio.open_unix_connection(counters_of(folder))
    writer.write(b"show stat\n")
    table = (await reader.read()).decode().removeprefix("# ")
    writer.close()
    return sum(
        int(row["connect"])
        for row in csv.DictReader(table.splitlines())
        if row["svname"] not in {"FRONTEND", "BACKEND"}
    )
