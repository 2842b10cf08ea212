"""Simulated users who take random steps on the same few jobs and packages."""

import asyncio
from collections import deque
from collections.abc import Sequence
from http import HTTPStatus
from itertools import count
from random import Random
from typing import Any

import httpx

from chaos.steps import CATEGORY, LATER, STEPS, Attempt, Step
from chaos.things import Job, Order, Package, Part, Person, Question, Thing, Topic
from chaos.writers import PASSWORD

POPULAR = 8
"""The numbers of jobs and of packages in use at a time, small enough for conflicts."""

SELLERS = 3
"""The number of users who sell packages, so that orders have several of one cleaner."""

MOST_ITEMS, MOST_PIECES = 3, 2
"""The largest number of packages of an order, and of pieces of each."""

OTHERS_TOO = 0.15
"""The share of attempts by a random user, who may lack the permission."""

STALE = 0.05
"""The share of attempts that name a version that is probably outdated."""

BUSY = HTTPStatus.SERVICE_UNAVAILABLE
PAUSE = 0.1  # seconds before a retry after a 503
WEIGHTS = [step.often for step in STEPS.values()]


class Crowd:
    """All simulated users, and the jobs and packages in use.

    Args:
        random: The source of all choices.
    """

    def __init__(self, random: Random) -> None:
        self._random, self._numbers = random, count(1)
        self._jobs: deque[Job] = deque(maxlen=POPULAR)
        self._packages: deque[Package] = deque(maxlen=POPULAR)
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

    async def make_category(self, client: httpx.AsyncClient) -> None:
        """Has staff make the category of the packages, and of some jobs."""
        headers = {"Authorization": f"Bearer {self._staff[-1].token}"}
        await patiently(client, "/admin/categories", json=CATEGORY, headers=headers)

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
        made = response.json() if response.content else {}
        match thing:
            case None:
                self._learn_of_all(name, person, response)
            case Job() if name == "offer":
                path = f"{thing.path}/offers/{made['id']}"
                thing.offers.append(Part(path, thing.owner, thing, person))
            case Part() if name == "accept":
                thing.job.add_booking(made["id"], thing.cleaner)
            case Package() if name == "edit_package":
                thing.revision = made["revision"]
            case Package() if name == "order":
                thing.orders.append(Order(f"/orders/{made['id']}", person, thing.owner))
            case Order() if name == "accept_order":
                thing.job = Job(f"/cleanings/{made['cleaning_id']}", thing.owner)
                thing.job.add_booking(made["id"], thing.cleaner)
            case Topic() if name == "ask":
                path = f"{thing.path}/questions/{made['id']}"
                thing.questions.append(Question(path, thing.owner, person))

    def _learn_of_all(self, name: str, person: Person, response: httpx.Response) -> None:
        """Records the result of a step that is about no thing."""
        if name in ("post", "post_dated", "post_listed"):
            self._jobs.append(Job(f"/cleanings/{response.json()['id']}", person))
        elif name == "draft":
            package_id = response.json()["id"]
            self._packages.append(Package(f"/packages/{package_id}", person, package_id))
        elif name in ("refresh", "log_in"):
            person.learn(response)
        elif name == "leave":
            self._people.remove(person)

    def _things(self, about: str) -> Sequence[Thing | None]:
        """The possible objects of a step."""
        orders = [order for package in self._packages for order in package.orders]
        jobs = [*self._jobs, *(order.job for order in orders if order.job)]
        topics: list[Topic] = [*self._jobs, *self._packages]
        things: dict[str, Sequence[Thing | None]] = {
            "": [None],
            "job": self._jobs,
            "package": self._packages,
            "topic": topics,
            "order": orders,
            "offer": [offer for job in self._jobs for offer in job.offers],
            "booking": [booking for job in jobs for booking in job.bookings],
            "question": [question for topic in topics for question in topic.questions],
        }
        return things[about]

    def _person(self, step: Step, thing: Thing | None) -> Person:
        """The user for a step: usually one with the permission, sometimes any."""
        if step.who == "staff":
            return self._random.choice(self._staff)
        if step.who == "seller":
            return self._random.choice(self._people[:SELLERS])
        if self._random.random() >= OTHERS_TOO:
            person: Person | None = getattr(thing, step.who, None)
            if person:
                return person
        return self._random.choice(self._people)

    def _request(
        self, name: str, person: Person, thing: Thing | None
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
        if isinstance(thing, Package) and name == "order":
            options["json"] = {"items": self._items(thing), **LATER}
        elif step.body is not None:
            options["json"] = {
                key: value.format(number=number) if isinstance(value, str) else value
                for key, value in step.body.items()
            }
        return path, options

    def _items(self, package: Package) -> list[dict[str, Any]]:
        """The items of an order of a package and some others of its seller, in any order."""
        others = [it for it in self._packages if it is not package and it.owner is package.owner]
        number = min(self._random.randrange(MOST_ITEMS), len(others))
        packages = [package, *self._random.sample(others, number)]
        self._random.shuffle(packages)
        return [
            {
                "package_id": it.id,
                "revision": it.revision,
                "quantity": self._random.randint(1, MOST_PIECES),
            }
            for it in packages
        ]


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
