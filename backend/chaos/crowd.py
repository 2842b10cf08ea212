"""Simulated users who take random steps on the same few jobs."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from random import Random
from typing import Any, NamedTuple

import httpx

from chaos.steps import STEPS, Step
from chaos.writers import PASSWORD

POPULAR = 8
"""The number of jobs in use at a time, small enough for conflicts."""

OTHERS_TOO = 0.15
"""The share of attempts by a random user, who may lack the permission."""

STALE = 0.05
"""The share of attempts that name a version that is probably outdated."""

BUSY = HTTPStatus.SERVICE_UNAVAILABLE
PAUSE = 0.1  # seconds before a retry after a 503
WEIGHTS = [step.often for step in STEPS.values()]


@dataclass(eq=False)
class Person:
    """A user with an account."""

    name: str
    id: str
    token: str = ""
    refresh_token: str = ""

    def learn(self, response: httpx.Response) -> None:
        """Stores the tokens of a response."""
        self.token = response.json()["access_token"]
        self.refresh_token = response.json()["refresh_token"]


@dataclass(eq=False)
class Job:
    """A job, with the offers and bookings known to the crowd."""

    path: str
    owner: Person
    offers: list["Part"] = field(default_factory=list)
    bookings: list["Part"] = field(default_factory=list)


@dataclass(eq=False)
class Part:
    """An offer or a booking of a job."""

    path: str
    job: Job
    cleaner: Person


class Attempt(NamedTuple):
    """An attempt at a step.

    Args:
        name: The name of the step.
        person: The user who takes it.
        thing: The object of the step, if any.
        path: The path of the request.
        options: Arguments of the request for httpx.
    """

    name: str
    person: Person
    thing: Job | Part | None
    path: str
    options: dict[str, Any]

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Sends the request."""
        return await client.request(STEPS[self.name].method, self.path, **self.options)


class Crowd:
    """All simulated users, and the jobs in use.

    Args:
        random: The source of all choices.
    """

    def __init__(self, random: Random) -> None:
        self._random, self._numbers = random, count(1)
        self._jobs: deque[Job] = deque(maxlen=POPULAR)
        self._people: list[Person] = []
        self._staff: list[Person] = []

    async def join(self, client: httpx.AsyncClient) -> None:
        """Registers a new user and logs in."""
        name = f"person{next(self._numbers)}"
        account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        made = await patiently(client, "/users", json=account)
        person = Person(name, made.json()["id"])
        person.learn(await patiently(client, "/auth/token", data=form("log_in", person)))
        self._people.append(person)

    def appoint(self) -> str:
        """Sets one user aside as staff, and returns their id."""
        self._staff.append(self._people.pop())
        return self._staff[-1].id

    def think(self) -> Attempt:
        """Chooses the next attempt."""
        while True:
            (name,) = self._random.choices(list(STEPS), WEIGHTS)
            if things := self._things(STEPS[name].about):
                thing = self._random.choice(things)
                person = self._person(STEPS[name], thing)
                return Attempt(name, person, thing, *self._request(name, person, thing))

    def learn(self, attempt: Attempt, response: httpx.Response) -> None:
        """Records the result of a successful attempt."""
        name, person, thing = attempt[:3]
        if name in ("post", "post_dated"):
            self._jobs.append(Job(f"/cleanings/{response.json()['id']}", person))
        elif name == "offer" and isinstance(thing, Job):
            thing.offers.append(Part(f"{thing.path}/offers/{response.json()['id']}", thing, person))
        elif name == "accept" and isinstance(thing, Part):
            path = f"{thing.job.path}/bookings/{response.json()['id']}"
            thing.job.bookings.append(Part(path, thing.job, thing.cleaner))
        elif name in ("refresh", "log_in"):
            person.learn(response)
        elif name == "leave":
            self._people.remove(person)

    def _things(self, about: str) -> Sequence[Job | Part | None]:
        """The possible objects of a step."""
        if not about:
            return [None]
        if about == "job":
            return self._jobs
        return [part for job in self._jobs for part in getattr(job, f"{about}s")]

    def _person(self, step: Step, thing: Job | Part | None) -> Person:
        """The user for a step: usually one with the permission, sometimes any."""
        if step.who == "staff":
            return self._random.choice(self._staff)
        if self._random.random() >= OTHERS_TOO:
            if step.who == "owner" and thing:
                return thing.owner if isinstance(thing, Job) else thing.job.owner
            if step.who == "cleaner" and isinstance(thing, Part):
                return thing.cleaner
        return self._random.choice(self._people)

    def _request(
        self, name: str, person: Person, thing: Job | Part | None
    ) -> tuple[str, dict[str, Any]]:
        """The path and the arguments of the request for a step."""
        step, number = STEPS[name], next(self._numbers)
        target = self._random.choice(self._people)
        path = step.path.format(thing=thing.path if thing else "", person=target.id)
        if data := form(name, person):
            return path, {"data": data}
        options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {person.token}"}}
        if step.method != "GET" and self._random.random() < STALE:
            options["headers"]["If-Match"] = '"1"'
        if step.body is not None:
            options["json"] = {
                key: value.format(number=number) if isinstance(value, str) else value
                for key, value in step.body.items()
            }
        return path, options


async def patiently(client: httpx.AsyncClient, path: str, **options: Any) -> httpx.Response:
    """Repeats a request that hashes a password until the hashing queue has room."""
    while (response := await client.post(path, **options)).status_code == BUSY:  # noqa: ASYNC110
        await asyncio.sleep(PAUSE)
    return response.raise_for_status()


def form(name: str, person: Person) -> dict[str, str] | None:
    """The form of a token request, if the step is one."""
    if name == "refresh":
        return {"grant_type": "refresh_token", "refresh_token": person.refresh_token}
    if name == "log_in":
        return {"username": person.name, "password": PASSWORD}
    return None
