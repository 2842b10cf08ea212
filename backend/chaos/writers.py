"""Clients that write without pause and record the acknowledged writes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import httpx

from chaos.clusters import Cluster

API = "/api/v1"
HOW_MANY = 20
PASSWORD = "a lighthouse in winter"  # noqa: S105 (of test accounts)
PATIENCE = 15.0  # seconds to wait for a response
PAUSE = 0.05  # seconds before a retry

LOST_JOBS = """
SELECT id FROM unnest($1::uuid[]) AS noted (id) EXCEPT SELECT id FROM cleanings
"""
BIO = "SELECT bio FROM profiles JOIN users ON users.id = user_id WHERE username = $1"


@dataclass
class Writer:
    """A client that posts jobs and writes their number into its profile."""

    client: httpx.AsyncClient
    name: str
    jobs: list[str] = field(default_factory=list)
    """The acknowledged jobs."""
    counted: int = 0
    """The last acknowledged number in the profile."""


class Writers:
    """All writers, and their responses."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self._writers, self._stopped, self._ended = writers, False, 0.0
        self.answers: Counter[str] = Counter()
        """Number of responses by status, with the code of problems."""
        self.successes: list[float] = []
        """Times of the acknowledgements, by the clock of the event loop."""

    @property
    def acknowledged(self) -> int:
        """The number of acknowledged writes."""
        return len(self.successes)

    @property
    def jobs(self) -> list[str]:
        """The acknowledged jobs."""
        return [job for writer in self._writers for job in writer.jobs]

    def figures(self, lost: Sequence[str]) -> dict[str, str]:
        """The figures of a verdict on acknowledged and lost writes."""
        return {"acknowledged writes": f"{self.acknowledged:,}", "of which lost": f"{len(lost)}"}

    def unexpected(self, *refusals: str) -> list[str]:
        """Responses that are neither a success nor one of the given statuses, as text."""
        return [
            f"{number} x {answer}"
            for answer, number in self.answers.items()
            if not answer.startswith(("200", "201", *refusals))
        ]

    def longest_pause(self, since: float, until: float | None = None) -> float:
        """The longest time between two acknowledgements, in seconds.

        Args:
            since: The start of the period.
            until: Its end; by default that of the load.
        """
        end = self._ended if until is None else until
        between = (moment for moment in self.successes if since < moment < end)
        return max(after - before for before, after in pairwise([since, *between, end]))

    def first_success(self, since: float) -> float:
        """Seconds from a moment to the next acknowledgement; 0 if there was none."""
        return min((moment for moment in self.successes if moment > since), default=since) - since

    async def until_success(self, since: float, longest: float) -> None:
        """Waits for an acknowledgement, for a limited number of seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                while not self.first_success(since):  # noqa: ASYNC110 (no notification)
                    await asyncio.sleep(PAUSE)

    async def lost(self, cluster: Cluster) -> list[str]:
        """The acknowledged writes that a server lacks, as text."""
        async with cluster.connected() as connection:
            jobs = await connection.fetch(LOST_JOBS, self.jobs)
            bios = {w.name: await connection.fetchval(BIO, w.name) for w in self._writers}
        behind = [w.name for w in self._writers if int(bios[w.name] or 0) < w.counted]
        return [f"job {row['id']} is lost" for row in jobs] + [
            f"a change of {name}'s profile is lost" for name in behind
        ]

    def stop(self) -> None:
        """Lets each writer finish its present request."""
        self._stopped, self._ended = True, asyncio.get_running_loop().time()

    async def write(self, writer: Writer) -> None:
        """Writes until `stop`."""
        while not self._stopped:
            number = str(len(writer.jobs) + 1)
            job = {"name": f"Job {number}", "price": "50.00"}
            posted = await self._send(writer, "POST", "/cleanings", job)
            if posted:
                writer.jobs.append(posted["id"])
            if await self._send(writer, "PATCH", "/profiles/me", {"bio": number}):
                writer.counted = int(number)

    async def _send(self, writer: Writer, method: str, path: str, content: Any) -> Any:
        """The response, if it is a success."""
        try:
            response = await writer.client.request(method, f"{API}{path}", json=content)
        except httpx.HTTPError as error:
            self.answers[type(error).__name__] += 1
        else:
            if response.is_success:
                self.answers[str(response.status_code)] += 1
                self.successes.append(asyncio.get_running_loop().time())
                return response.json()
            self.answers[f"{response.status_code} {response.json()['code']}"] += 1
        await asyncio.sleep(PAUSE)
        return None


@asynccontextmanager
async def clients_of(addresses: Iterable[str]) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Context manager for one client per address."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(httpx.AsyncClient(base_url=it, timeout=PATIENCE))
            for it in addresses
        ]


@asynccontextmanager
async def writing(address: str) -> AsyncIterator[Writers]:
    """Context manager for clients that write to a service."""
    async with clients_of([address] * HOW_MANY) as clients:
        people = [await register(client, f"writer{n}") for n, client in enumerate(clients)]
        writers = Writers(people)
        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(writers.write(person))
            try:
                yield writers
            finally:
                writers.stop()


async def register(client: httpx.AsyncClient, name: str) -> Writer:
    """Creates an account and logs in."""
    account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
    (await client.post(f"{API}/users", json=account)).raise_for_status()
    login = {"username": name, "password": PASSWORD}
    response = (await client.post(f"{API}/auth/token", data=login)).raise_for_status()
    client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
    return Writer(client, name)


def counted(answers: Mapping[str, int]) -> str:
    """Numbers of responses as text."""
    return ", ".join(f"{number:,} x {answer}" for answer, number in sorted(answers.items()))
