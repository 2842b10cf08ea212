"""Scenario: many varied requests, during which the memory of a process must not grow."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx

from chaos.clusters import market
from chaos.services import SERVER, process, until_ready
from chaos.verdicts import Verdict
from chaos.visits import Sent, Visits, log_in
from chaos.writers import API, clients_of, counted, register
from dev.postgres import free_port

PER_SECOND = 4_000
"""Requests per second of the nominal duration."""
CLIENTS = 8
PARTS = 20
"""The number of measurements. The first half fills the caches."""
MOST_GROWTH = 0.1
MOST_REFUSED = 0.01
"""The share of requests that may be refused, by a machine that is busy with other work."""
REFUSED = "503"
PAGE_SIZE = 4096  # bytes
PROMISE = (
    "However varied the requests are, memory stays flat: in the second half of them, a process "
    f"never takes over {MOST_GROWTH:.0%} more than at the end of the first."
)

FILTERS: dict[str, list[str]] = {
    "status": ["open", "booked", "completed", "cancelled", "expired", "any"],
    "owner": ["me", "anna", "writer1"],
    "cleaning_type": ["dust_up", "spot_clean", "full_clean"],
    "currency": ["EUR", "CHF", "JPY"],
    "min_price": ["1", "20.50", "40"],
    "max_price": ["50", "99.99", "1000"],
    "q": ["windows", "oven scrub", "attic -windows"],
    "language": ["en", "de"],
    "area": ["Old Town", "Harbour"],
    "starts_after": ["2030-01-31T09:00:00Z", "2031-01-31T09:00:00+02:00"],
    "starts_before": ["2032-01-31T09:00:00Z", "2033-01-31T09:00:00-02:00"],
    "sort": ["newest", "oldest", "price", "-price"],
}
LISTS = (
    *("/feed/cleanings", "/offers", "/bookings", "/users/me/sessions", "/users/me/api-keys"),
    *("/profiles/me/evaluations", "/offers?status=pending", "/bookings?role=owner"),
)
TERMS: dict[str, Any] = {
    "description": "All rooms",
    "price": "49.90",
    "duration": 90,
    "area": "Old Town",
    "address": "1 Main Street",
    "cleaning_type": "full_clean",
    "starts_at": "2035-01-31T09:00:00Z",
}


class Requests:
    """A generator of random requests: half of them are for pages.

    Args:
        random: The source of all choices.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._jobs = [str(uuid4())]
        self._visits = Visits(random, self._jobs)

    def learn(self, response: httpx.Response) -> None:
        """Records a job that was posted."""
        if response.status_code == httpx.codes.CREATED and "price" in response.json():
            self._jobs.append(response.json()["id"])

    def think(self) -> Sent:
        """The next request."""
        if self._random.getrandbits(1):
            return self._visits.think()
        make = self._random.choice(
            (self._browse, self._browse, self._list, self._post, self._edit, self._mistake)
        )
        method, path, options = make()
        return method, f"{API}{path}", options

    def _word(self) -> str:
        return f"{self._random.getrandbits(64):x}"

    def _browse(self) -> Sent:
        names = self._random.sample(list(FILTERS), self._random.randrange(len(FILTERS) + 1))
        query = {name: self._random.choice(FILTERS[name]) for name in names}
        query["limit"] = str(self._random.randint(1, 100))
        if "q" in query:
            query["q"] += f" or {self._word()}"
        return "GET", "/cleanings", {"params": query}

    def _list(self) -> Sent:
        path = self._random.choice((*LISTS, f"/cleanings/{self._random.choice(self._jobs)}/offers"))
        mark = "&" if "?" in path else "?"
        return "GET", f"{path}{mark}limit={self._random.randint(1, 100)}", {}

    def _terms(self) -> dict[str, Any]:
        names = self._random.sample(list(TERMS), self._random.randint(1, len(TERMS)))
        return {name: TERMS[name] for name in names} | {"name": f"Windows {self._word()}"}

    def _post(self) -> Sent:
        headers = {"Idempotency-Key": self._word(), "X-Request-ID": self._word()}
        return "POST", "/cleanings", {"json": {"price": "50", **self._terms()}, "headers": headers}

    def _edit(self) -> Sent:
        headers = {"If-Match": f'"{self._random.randint(1, 3)}", "{self._random.getrandbits(30)}"'}
        path = f"/cleanings/{self._random.choice(self._jobs)}"
        return "PATCH", path, {"json": self._terms(), "headers": headers}

    def _mistake(self) -> Sent:
        mistakes: list[Sent] = [
            ("GET", f"/{self._word()}/{self._word()}", {}),
            ("GET", f"/profiles/{self._word()}", {}),
            ("GET", f"/cleanings?{self._word()}={self._word()}&cursor={self._word()}", {}),
            ("GET", "/users/me", {"headers": {"Authorization": f"Bearer {self._word()}"}}),
            ("POST", "/cleanings", {"json": {self._word(): self._word() for _ in range(90)}}),
            ("POST", "/cleanings", {"json": {"name": [self._word()] * 2_000}}),
            ("POST", "/users/me/api-keys", {"json": {"name": "x", "scopes": [self._word()] * 90}}),
            ("POST", "/auth/token", {"data": {"username": self._word(), "password": "x" * 1_001}}),
        ]
        return self._random.choice(mistakes)


@asynccontextmanager
async def one_service(folder: Path, url: str) -> AsyncIterator[tuple[str, int]]:
    """Context manager that runs one process of the service; yields its URL and process id."""
    port, log = free_port(), folder / "service.log"
    address = f"http://127.0.0.1:{port}"
    with process((*SERVER, f"--port={port}"), log, DATABASE_URL=url) as server:
        await until_ready(server, address, log)
        yield address, server.pid


def resident(pid: int) -> float:
    """The resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE_SIZE / 2**20


async def ask(
    client: httpx.AsyncClient, requests: Requests, number: int, answers: Counter[str]
) -> None:
    """Sends a number of requests sequentially."""
    for _ in range(number):
        method, path, options = requests.think()
        response = await client.request(method, path, **options)
        answers[str(response.status_code)] += 1
        requests.learn(response)


async def run(folder: Path, seconds: float) -> Verdict:
    """Clients send varied requests to one process.

    Args:
        folder: For data and logs.
        seconds: The nominal duration; see `PER_SECOND`.
    """
    answers: Counter[str] = Counter()
    sizes: list[float] = []
    each = int(seconds * PER_SECOND) // PARTS // CLIENTS
    async with (
        market(folder) as cluster,
        one_service(folder, cluster.url) as (address, pid),
        clients_of([address] * CLIENTS) as clients,
    ):
        for place, client in enumerate(clients):
            await register(client, f"writer{place}")
            await log_in(client, f"writer{place}")
        requests = Requests(Random(1))  # noqa: S311 (a game, not a secret)
        started = resident(pid)
        for _ in range(PARTS):
            await asyncio.gather(*(ask(client, requests, each, answers) for client in clients))
            sizes.append(resident(pid))
    return judge(started, sizes, answers)


def judge(started: float, sizes: Sequence[float], answers: Counter[str]) -> Verdict:
    """The verdict on the memory.

    Args:
        started: Memory before the first request, in MiB.
        sizes: Memory after each part of the requests.
        answers: Number of responses by status.
    """
    filled, most = sizes[PARTS // 2 - 1], max(sizes[PARTS // 2 :])
    faults = {it: number for it, number in answers.items() if it.startswith("5")}
    if faults.get(REFUSED, 0) <= MOST_REFUSED * answers.total():
        faults.pop(REFUSED, None)
    failures = [f"{number:,} x {it}" for it, number in faults.items()]
    if most > filled * (1 + MOST_GROWTH):
        failures.append(f"memory grew from {filled:.0f} to {most:.0f} MiB")
    figures = {
        "requests": f"{answers.total():,} by {CLIENTS} clients to one process, half for pages",
        "answers": counted(answers),
        "memory before the first request": f"{started:.0f} MiB",
        "memory after half of the requests": f"{filled:.0f} MiB",
        "highest memory in the second half": f"{most:.0f} MiB",
        "memory after each twentieth of the requests": ", ".join(f"{size:.0f}" for size in sizes),
    }
    return Verdict(
        PROMISE,
        "nothing; limits, filters, orders, bodies, paths, languages and cookies vary",
        figures,
        failures,
    )
