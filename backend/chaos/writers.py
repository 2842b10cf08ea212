"""People who write without a pause, and remember what they were told was done."""

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
PASSWORD = "a lighthouse in winter"  # noqa: S105 (of nobody)
PATIENCE = 15.0  # seconds for an answer
PAUSE = 0.05  # seconds before somebody who was refused tries again

LOST_JOBS = """
SELECT id FROM unnest($1::uuid[]) AS noted (id) EXCEPT SELECT id FROM cleanings
"""
BIO = "SELECT bio FROM profiles JOIN users ON users.id = user_id WHERE username = $1"


@dataclass
class Writer:
    """Somebody who posts jobs, and says in their profile how many."""

    client: httpx.AsyncClient
    name: str
    jobs: list[str] = field(default_factory=list)
    """Those that they were told are posted."""
    counted: int = 0
    """The last number that they were told is written in their profile."""


class Writers:
    """All of them, and what they were answered."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self._writers, self._stopped, self._ended = writers, False, 0.0
        self.answers: Counter[str] = Counter()
        """How often which answer came: a status and, if it is a problem, its code."""
        self.successes: list[float] = []
        """When somebody was told that something is done, in the time of the event loop."""

    @property
    def acknowledged(self) -> int:
        """How many writes were answered with success."""
        return len(self.successes)

    def figures(self, lost: Sequence[str]) -> dict[str, str]:
        """What a verdict says of all that was acknowledged, given what of it is lost."""
        return {"acknowledged writes": f"{self.acknowledged:,}", "of these lost": f"{len(lost)}"}

    def unexpected(self, *refusals: str) -> list[str]:
        """Answers that are neither a success nor have one of these statuses, in words."""
        return [
            f"{number} x {answer}"
            for answer, number in self.answers.items()
            if not answer.startswith(("200", "201", *refusals))
        ]

    def longest_pause(self, since: float, until: float | None = None) -> float:
        """The longest time in which nobody was told that something is done, in seconds.

        Args:
            since: From when on.
            until: Until when; to the end by default.
        """
        end = self._ended if until is None else until
        between = (moment for moment in self.successes if since < moment < end)
        return max(after - before for before, after in pairwise([since, *between, end]))

    def first_success(self, since: float) -> float:
        """How many seconds after a moment somebody was told that something is done."""
        return min((moment for moment in self.successes if moment > since), default=since) - since

    async def until_success(self, since: float, longest: float) -> None:
        """Waits until somebody is told that something is done, or as many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                while not self.first_success(since):  # noqa: ASYNC110 (nobody tells)
                    await asyncio.sleep(PAUSE)

    async def lost(self, cluster: Cluster) -> list[str]:
        """What a server does not have of all that was acknowledged, in words."""
        noted = [job for writer in self._writers for job in writer.jobs]
        async with cluster.connected() as connection:
            jobs = await connection.fetch(LOST_JOBS, noted)
            bios = {w.name: await connection.fetchval(BIO, w.name) for w in self._writers}
        behind = [w.name for w in self._writers if int(bios[w.name] or 0) < w.counted]
        return [f"job {row['id']} is lost" for row in jobs] + [
            f"a change of {name}'s profile is lost" for name in behind
        ]

    def stop(self) -> None:
        """Lets each finish the request that is under way."""
        self._stopped, self._ended = True, asyncio.get_running_loop().time()

    async def write(self, writer: Writer) -> None:
        """Writes until it is over."""
        while not self._stopped:
            number = str(len(writer.jobs) + 1)
            job = {"name": f"Job {number}", "price": "50.00"}
            posted = await self._send(writer, "POST", "/cleanings", job)
            if posted:
                writer.jobs.append(posted["id"])
            if await self._send(writer, "PATCH", "/profiles/me", {"bio": number}):
                writer.counted = int(number)

    async def _send(self, writer: Writer, method: str, path: str, content: Any) -> Any:
        """What is answered, if it is a success."""
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
    """A client of each address, for the time of a block."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(httpx.AsyncClient(base_url=it, timeout=PATIENCE))
            for it in addresses
        ]


@asynccontextmanager
async def writing(address: str) -> AsyncIterator[Writers]:
    """Has people write to a service for the time of a block."""
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
    """Makes an account, and logs in."""
    account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
    (await client.post(f"{API}/users", json=account)).raise_for_status()
    login = {"username": name, "password": PASSWORD}
    response = (await client.post(f"{API}/auth/token", data=login)).raise_for_status()
    client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
    return Writer(client, name)


def counted(answers: Mapping[str, int]) -> str:
    """How often which answer came, in words."""
    return ", ".join(f"{number:,} x {answer}" for answer, number in sorted(answers.items()))
