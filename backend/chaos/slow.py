"""Scenario: slow clients from many addresses, while others use the service."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from app.core.security.api_keys import new_api_key
from chaos.clusters import market
from chaos.load import load
from chaos.proxies import UNLIMITED, proxy, replicas
from chaos.services import SERVER, process, until_ready
from chaos.verdicts import Verdict
from chaos.writers import API, register
from dev.postgres import free_port

SLOW = 64
RATE = 100  # requests per second of the other clients
KEPT = 0.9  # share of the throughput before the attack
MORE = 32  # MiB of additional memory allowed per process
PAUSE = 1.0  # seconds between two bytes
LARGE_JOBS = 40  # enough long descriptions to fill a page
PROMISE = (
    f"While {SLOW} clients send bodies or read responses byte by byte, each from its own address, "
    f"the throughput of others stays at {KEPT:.0%} or more, with and without the proxy; no process "
    f"of the service takes {MORE} MiB more memory."
)


class Attack(NamedTuple):
    """A kind of slow client.

    Args:
        name: The name in the figures.
        request: The bytes sent at once.
        reads: Whether the client reads the response slowly, instead of sending slowly.
    """

    name: str
    request: bytes
    reads: bool = False


class People(NamedTuple):
    """The requests of normal clients, and the attacks."""

    requests: Sequence[bytes]
    attacks: Sequence[Attack]


async def run(folder: Path, seconds: float) -> Verdict:
    """Slow clients of each kind, with and without the proxy.

    Args:
        folder: For data and logs.
        seconds: The duration of each load.
    """
    figures: dict[str, str] = {}
    failures: list[str] = []
    async with market(folder) as cluster:
        async with (
            replicas(folder, cluster.url) as servers,
            proxy(folder, servers, **UNLIMITED) as address,
        ):
            pids = [server.pid for server in servers]
            await examine("with the proxy", address, pids, seconds, figures, failures)
        async with alone(folder, cluster.url) as (address, pid):
            await examine("without it", address, [pid], seconds, figures, failures)
    broken = (
        f"none; {SLOW} clients send or read one byte each {PAUSE:g} s, and reconnect when they are "
        "cut off"
    )
    return Verdict(PROMISE, broken, figures, failures)


@asynccontextmanager
async def alone(folder: Path, database_url: str) -> AsyncIterator[tuple[str, int]]:
    """Context manager for a server without a proxy; yields its URL and process id."""
    port, log = free_port(), folder / "alone.log"
    address = f"http://127.0.0.1:{port}"
    with process((*SERVER, f"--port={port}"), log, DATABASE_URL=database_url) as server:
        await until_ready(server, address, log)
        yield address, server.pid


async def examine(
    where: str,
    address: str,
    pids: Sequence[int],
    seconds: float,
    figures: dict[str, str],
    failures: list[str],
) -> None:
    """Compares the throughput before and during each attack."""
    port = urlsplit(address).port or 80
    people = await prepared(address, where.replace(" ", ""))
    await served(port, people, seconds)  # warm-up
    before, memory = await served(port, people, seconds), used(pids)
    figures[f"{where}, before"] = f"{before:,.0f}/s served"
    for attack in people.attacks:
        async with attacked(port, attack):
            during, taken = await served(port, people, seconds), used(pids)
        more = max(0.0, taken - memory)
        figures[f"{where}, {attack.name}"] = f"{during:,.0f}/s served, {more:.0f} MiB more memory"
        if during < KEPT * before:
            failures.append(f"{where}, {attack.name}: throughput fell to {during / before:.0%}")
        if more > MORE * len(pids):
            failures.append(f"{where}, {attack.name}: {more:.0f} MiB more")


async def served(port: int, people: People, seconds: float) -> float:
    """The throughput of normal clients in requests per second."""
    answers = await load(port, people.requests, RATE, seconds)
    return answers.rate(200) + answers.rate(201)


def used(pids: Sequence[int]) -> float:
    """The resident memory of processes in MiB."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def attacked(port: int, attack: Attack) -> AsyncIterator[None]:
    """Context manager for an attack by all slow clients, entered when all have started."""
    clients = [asyncio.create_task(be_slow(port, attack, number)) for number in range(SLOW)]
    await asyncio.sleep(PAUSE)
    try:
        yield
    finally:
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def be_slow(port: int, attack: Attack, number: int) -> None:
    """Sends a request and continues byte by byte; reconnects at the end."""
    loop = asyncio.get_running_loop()
    address = f"X-Forwarded-For: 10.1.0.{number}\r\n".encode()
    start, rest = attack.request.split(b"\r\n", 1)
    while True:
        with socket.socket() as client, suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)  # noqa: FBT003 (a positional-only parameter)
            await loop.sock_connect(client, ("127.0.0.1", port))
            await loop.sock_sendall(client, start + b"\r\n" + address + rest)
            while True:
                await asyncio.sleep(PAUSE)
                if not attack.reads:
                    await loop.sock_sendall(client, b" ")
                elif not await loop.sock_recv(client, 1):
                    break
        await asyncio.sleep(PAUSE / 10)


async def prepared(address: str, name: str) -> People:
    """Creates an account and jobs that fill a page.

    Args:
        address: The URL of the service.
        name: The name of the account.
    """
    async with httpx.AsyncClient(base_url=address) as client:
        await register(client, name)
        token = client.headers["Authorization"]
        job = {"name": "Oven scrub", "price": "50.00"}
        for _ in range(LARGE_JOBS):
            large = {**job, "description": "x" * 5000}
            (await client.post(f"{API}/cleanings", json=large)).raise_for_status()
    host = f"Host: {urlsplit(address).netloc}"
    mine, made_up = f"Authorization: {token}", f"Authorization: Bearer {new_api_key()}"
    body = json.dumps(job).encode()
    return People(
        [
            asking("POST /cleanings", host, mine, length=len(body), body=body),
            asking("GET /profiles/me", host, mine),
        ],
        [
            Attack("anonymous bodies", slow_body("POST /users", host)),
            Attack("small anonymous bodies", asking("POST /users", host, length=16_000)),
            Attack("bodies with made-up API keys", slow_body("POST /cleanings", host, made_up)),
            Attack("bodies with access tokens", slow_body("POST /cleanings", host, mine)),
            Attack(
                "slow readers of pages", asking("GET /cleanings?limit=100", host, mine), reads=True
            ),
        ],
    )


def slow_body(line: str, *headers: str) -> bytes:
    """The beginning of a request with a large body."""
    return asking(line, *headers, length=120_000, body=b" " * 60_000)


def asking(line: str, *headers: str, length: int = 0, body: bytes = b"") -> bytes:
    """The bytes of a request."""
    method, path = line.split(" ")
    head = [f"{method} {API}{path} HTTP/1.1", *headers]
    if length:
        head += ["Content-Type: application/json", f"Content-Length: {length}"]
    return "\r\n".join([*head, "", ""]).encode() + body
