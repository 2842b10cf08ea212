"""Users with streams of notifications."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from itertools import cycle

import httpx
from pydantic import SecretStr
from sqlalchemy.orm import configure_mappers

from app.core.clients import Client
from app.core.config import Settings
from app.core.lifecycle import connected
from app.core.security.tokens import Bearer
from app.db.models.kinds.users import UserEvent
from app.db.models.profiles import Profile
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.repositories.events import EventRepository
from app.postgres.database import Database
from app.services.safeguards import Safeguards
from chaos.writers import API, PAUSE
from dev.events import Parser

STREAM = f"{API}/notifications/stream"
STREAMS = 5
"""The number of streams of each user, which is the largest permitted."""
RATE = 20  # changes of offers a second; each tells one user
PATIENCE = 60.0  # seconds for all notifications to arrive

Told = Mapping[str, Sequence[int]]
"""The positions of the notifications of each user, by name."""


class Stream:
    """A client with a stream, which connects again whenever that has ended.

    Args:
        owner: The name of its user.
    """

    def __init__(self, owner: str) -> None:
        self.owner, self.last_id, self.retry = owner, "0", 1_000
        self.positions: list[int] = []
        self.lags: list[float] = []
        self.is_open = False

    def lacks(self, told: Told) -> bool:
        """Whether notifications of its user have not arrived."""
        return len(self.positions) < len(told[self.owner])

    async def follow(self, client: httpx.AsyncClient) -> None:
        """Receives notifications until it is cancelled."""
        while True:
            headers = {"Last-Event-ID": self.last_id}
            with suppress(httpx.HTTPError):
                async with client.stream("GET", STREAM, headers=headers, timeout=None) as response:
                    if response.status_code == HTTPStatus.OK:
                        await self._read(response)
            self.is_open = False
            await asyncio.sleep(self.retry / 1_000)

    async def _read(self, response: httpx.Response) -> None:
        parser = Parser()
        async for line in response.aiter_lines():
            event = parser.read(line)
            self.is_open, self.retry = True, parser.retry
            self.last_id = parser.last_id or self.last_id
            if event:
                told = json.loads(event.data)
                self.positions.append(told["position"])
                since = datetime.fromisoformat(told["created_at"]).timestamp()
                self.lags.append(time.time() - since)


async def make_users(url: str, names: Sequence[str]) -> list[str]:
    """Adds accounts without a password, which would take long to hash; returns their tokens.

    Args:
        url: The database.
        names: Their usernames.
    """
    configure_mappers()  # as the first statement of a process does
    settings = Settings(environment="development", database_url=SecretStr(url))
    safeguards, tokens = Safeguards.of(settings), []
    async with connected(settings) as pool, Database(pool).write() as transaction:
        for name in names:
            user = User(username=name, email=f"{name}@example.com", password_hash="")
            transaction.add(user)
            session = Session.of(user.id, Client(None, None, ""), safeguards.lifetimes)
            transaction.add(Profile(user_id=user.id))
            transaction.add(session)
            EventRepository(transaction).record(user.id, UserEvent.CREATED, user.id)
            tokens.append(safeguards.access_tokens.issue(Bearer(user.id, session.id)))
    return tokens


class Listeners:
    """Users with streams, and a cleaner whose offers they are told of.

    Args:
        owners: The clients of the users.
        cleaner: The client of the cleaner.
    """

    def __init__(self, owners: Sequence[httpx.AsyncClient], cleaner: httpx.AsyncClient) -> None:
        self._owners, self._cleaner = owners, cleaner
        self._offers: list[str] = []
        names = [f"owner{n}" for n in range(len(owners))]
        self.streams = [Stream(name) for name in names for _ in range(STREAMS)]

    async def meet(self, url: str) -> None:
        """Adds the accounts, and makes an offer for a job of each user.

        Args:
            url: The database.
        """
        names = [*dict.fromkeys(stream.owner for stream in self.streams), "cleaner"]
        clients = [*self._owners, self._cleaner]
        for client, token in zip(clients, await make_users(url, names), strict=True):
            client.headers["Authorization"] = f"Bearer {token}"
        for owner in self._owners:
            job = await owner.post(f"{API}/cleanings", json={"name": "Windows", "price": "50"})
            path = f"{API}/cleanings/{job.json()['id']}/offers"
            offer = await self._cleaner.post(path, json={})
            self._offers.append(f"{path}/{offer.json()['id']}")

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Context manager that opens the streams, and keeps them open."""
        tasks = [
            asyncio.create_task(stream.follow(self._owners[n // STREAMS]))
            for n, stream in enumerate(self.streams)
        ]
        try:
            while not all(it.is_open for it in self.streams):  # noqa: ASYNC110 (no notification)
                await asyncio.sleep(PAUSE)
            yield
        finally:
            for task in tasks:
                task.cancel()

    async def change_offers(self) -> None:
        """Changes the offers one after the other, at an even rate, until it is cancelled."""
        for number, offer in enumerate(cycle(self._offers)):
            with suppress(httpx.HTTPError):
                await self._cleaner.patch(offer, json={"price": f"{40 + number / 100:.2f}"})
            await asyncio.sleep(1 / RATE)

    def forget_lags(self) -> None:
        """Forgets the times from the events to their arrival."""
        for stream in self.streams:
            stream.lags.clear()

    async def lags(self) -> list[float]:
        """The times from the events to their arrival, in seconds: those of one event at least.

        Raises:
            TimeoutError: Nothing has arrived within `PATIENCE`.
        """
        async with asyncio.timeout(PATIENCE):
            while sum(len(it.lags) for it in self.streams) < STREAMS:  # noqa: ASYNC110 (as above)
                await asyncio.sleep(PAUSE)
        return [lag for stream in self.streams for lag in stream.lags]

    async def until_told(self, told: Told) -> None:
        """Waits until all streams have as many notifications as their users, or for `PATIENCE`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while any(it.lacks(told) for it in self.streams):  # noqa: ASYNC110 (no notification)
                    await asyncio.sleep(PAUSE)
