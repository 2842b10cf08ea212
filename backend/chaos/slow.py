"""Clients that are as slow as they can, from many addresses, while others use the service."""

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
RATE = 100  # requests per second of the others
KEPT = 0.9  # of the requests of the others that were served before
MORE = 32  # MiB that a process may take more of
PAUSE = 1.0  # seconds between two bytes
LARGE_JOBS = 40  # whose descriptions fill a page
PROMISE = (
    f"While {SLOW} clients send bodies or read answers a byte at a time, each from an address of "
    f"its own, others are served at least {KEPT:.0%} of what they were before, with the proxy and "
    f"without; no process of the service takes {MORE} MiB more memory."
)


class Attack(NamedTuple):
    """What slow clients do.

    Args:
        name: What it is called.
        request: What each sends at once.
        reads: Whether it is the answer that they are slow with.
    """

    name: str
    request: bytes
    reads: bool = False


class People(NamedTuple):
    """What is asked of a service: by the others, and by slow clients."""

    requests: Sequence[bytes]
    attacks: Sequence[Attack]


async def run(folder: Path, seconds: float) -> Verdict:
    """Slow clients of each kind, behind the proxy and without one.

    Args:
        folder: Where data and logs go.
        seconds: For how long each time.
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
        f"nothing; {SLOW} clients send or read one byte each {PAUSE:g} s, and come back when they "
        "are cut off"
    )
    return Verdict(PROMISE, broken, figures, failures)


@asynccontextmanager
async def alone(folder: Path, database_url: str) -> AsyncIterator[tuple[str, int]]:
    """A server without a proxy in front: its address, and the id of its process."""
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
    """Compares what others are served before and during each attack."""
    port = urlsplit(address).port or 80
    people = await prepared(address, where.replace(" ", ""))
    await served(port, people, seconds)  # so that all is warm
    before, memory = await served(port, people, seconds), used(pids)
    figures[f"{where}, before"] = f"{before:,.0f}/s served"
    for attack in people.attacks:
        async with attacked(port, attack):
            during, taken = await served(port, people, seconds), used(pids)
        more = max(0.0, taken - memory)
        figures[f"{where}, {attack.name}"] = f"{during:,.0f}/s served, {more:.0f} MiB more memory"
        if during < KEPT * before:
            failures.append(f"{where}, {attack.name}: only {during / before:.0%} was served")
        if more > MORE * len(pids):
            failures.append(f"{where}, {attack.name}: {more:.0f} MiB more")


async def served(port: int, people: People, seconds: float) -> float:
    """How many requests of the others are served per second."""
    answers = await load(port, people.requests, RATE, seconds)
    return answers.rate(200) + answers.rate(201)


def used(pids: Sequence[int]) -> float:
    """How much memory processes have, in MiB."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@asynccontextmanager
async def attacked(port: int, attack: Attack) -> AsyncIterator[None]:
    """Has slow clients do something for the time of a block, which begins when all have begun."""
    clients = [asyncio.create_task(be_slow(port, attack, number)) for number in range(SLOW)]
    await asyncio.sleep(PAUSE)
    try:
        yield
    finally:
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def be_slow(port: int, attack: Attack, number: int) -> None:
    """Sends a request, and what follows as slowly as possible; then comes back."""
    loop = asyncio.get_running_loop()
    address = f"X-Forwarded-For: 10.1.0.{number}\r\n".encode()
    start, rest = attack.request.split(b"\r\n", 1)
    while True:
        with socket.socket() as client, suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)  # noqa: FBT003 (it takes no name)
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
    """Makes an account, and jobs that fill a page.

    Args:
        address: Where the service is.
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
            Attack("bodies of strangers", slow_body("POST /users", host)),
            Attack("small bodies of strangers", asking("POST /users", host, length=16_000)),
            Attack("bodies with made-up API keys", slow_body("POST /cleanings", host, made_up)),
            Attack("bodies of members", slow_body("POST /cleanings", host, mine)),
            Attack("readers of pages", asking("GET /cleanings?limit=100", host, mine), reads=True),
        ],
    )


def slow_body(line: str, *headers: str) -> bytes:
    """A request whose body has begun to arrive."""
    return asking(line, *headers, length=120_000, body=b" " * 60_000)


def asking(line: str, *headers: str, length: int = 0, body: bytes = b"") -> bytes:
    """A request as it is sent."""
    method, path = line.split(" ")
    head = [f"{method} {API}{path} HTTP/1.1", *headers]
    if length:
        head += ["Content-Type: application/json", f"Content-Length: {length}"]
    return "\r\n".join([*head, "", ""]).encode() + body
