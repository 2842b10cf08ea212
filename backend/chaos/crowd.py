"""People who all turn to the same few jobs, and do whatever comes to their minds."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from random import Random
from typing import Any, NamedTuple

import httpx

from chaos.writers import PASSWORD

POPULAR = 8
"""How many jobs people turn to at a time: so few that they get in each other's way."""

BUSY = HTTPStatus.SERVICE_UNAVAILABLE
PAUSE = 0.1  # seconds
GROUNDS = {"reason": "Somebody complained."}
OTHERS_TOO = 0.15
"""How often somebody tries what is not for them."""

STALE = 0.05
"""How often somebody names a version that is hardly the present one."""


@dataclass(eq=False)
class Person:
    """Somebody with an account."""

    name: str
    id: str
    token: str = ""
    refresh_token: str = ""

    def learn(self, response: httpx.Response) -> None:
        """Takes the tokens that they were given."""
        self.token = response.json()["access_token"]
        self.refresh_token = response.json()["refresh_token"]


@dataclass(eq=False)
class Part:
    """An offer or a booking of a job."""

    path: str
    cleaner: Person


@dataclass(eq=False)
class Job:
    """A job, as far as the crowd knows of it."""

    path: str
    owner: Person
    offers: list[Part] = field(default_factory=list)
    bookings: list[Part] = field(default_factory=list)


class Step(NamedTuple):
    """Something that can be done.

    Args:
        often: How often it is done, compared with others.
        method: How it is asked for.
        path: Where; `{thing}` is what it is done to.
        about: What that is: a job, an offer or a booking, if anything.
        who: Who may do it: anyone, owner, cleaner, staff.
        body: What is sent.
    """

    often: float
    method: str
    path: str
    about: str = ""
    who: str = "anyone"
    body: dict[str, Any] | None = None


STEPS = {
    "post": Step(3, "POST", "/cleanings", body={"name": "Windows", "price": "50.00"}),
    "browse": Step(3, "GET", "/cleanings"),
    "follow": Step(3, "GET", "/feed/cleanings"),
    "present": Step(2, "PATCH", "/profiles/me", body={"bio": "{number}"}),
    "refresh": Step(1, "POST", "/auth/token"),
    "log_in": Step(0.5, "POST", "/auth/token"),
    "leave": Step(0.1, "DELETE", "/users/me"),
    "block": Step(0.3, "POST", "/admin/users/{person}/block", who="staff", body=GROUNDS),
    "unblock": Step(3, "DELETE", "/admin/users/{person}/block", who="staff"),
    "read": Step(6, "GET", "{thing}", "job"),
    "edit": Step(5, "PATCH", "{thing}", "job", "owner", {"description": "Room {number}"}),
    "cancel": Step(0.4, "POST", "{thing}/cancellation", "job", "owner"),
    "delete": Step(0.3, "DELETE", "{thing}", "job", "owner"),
    "hide": Step(0.5, "POST", "/admin{thing}/hiding", "job", "staff", GROUNDS),
    "show": Step(2, "DELETE", "/admin{thing}/hiding", "job", "staff"),
    "offer": Step(20, "POST", "{thing}/offers", "job", body={}),
    "list": Step(4, "GET", "{thing}/offers", "job", "owner"),
    "revise": Step(5, "PATCH", "{thing}", "offer", "cleaner", {"message": "At {number}?"}),
    "renew": Step(14, "POST", "{thing}/renewal", "offer", "cleaner"),
    "reject": Step(2, "POST", "{thing}/rejection", "offer", "owner"),
    "withdraw": Step(3, "POST", "{thing}/withdrawal", "offer", "cleaner"),
    "accept": Step(12, "POST", "{thing}/acceptance", "offer", "owner"),
    "hide_offer": Step(0.5, "POST", "/admin{thing}/hiding", "offer", "staff", GROUNDS),
    "show_offer": Step(1, "DELETE", "/admin{thing}/hiding", "offer", "staff"),
    "complete": Step(1, "POST", "{thing}/completion", "booking", "owner"),
    "call_off": Step(4, "POST", "{thing}/cancellation", "booking", "cleaner"),
    "miss": Step(3, "POST", "{thing}/no-show", "booking", "owner"),
    "rate": Step(3, "POST", "{thing}/evaluation", "booking", "owner", {"overall_rating": 4}),
    "rate_owner": Step(
        2, "POST", "{thing}/evaluation", "booking", "cleaner", {"overall_rating": 5}
    ),
}
"""What comes to people's minds."""

WEIGHTS = [step.often for step in STEPS.values()]


class Attempt(NamedTuple):
    """What somebody tries.

    Args:
        name: Which step it is.
        person: Who takes it.
        job: The job that it is about, if any.
        part: The offer or the booking.
        path: Where they ask for it.
        options: What they send, as httpx takes it.
    """

    name: str
    person: Person
    job: Job | None
    part: Part | None
    path: str
    options: dict[str, Any]

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Tries it."""
        return await client.request(STEPS[self.name].method, self.path, **self.options)


class Crowd:
    """All people, and the jobs that they turn to.

    Args:
        random: Chooses.
    """

    def __init__(self, random: Random) -> None:
        self._random, self._numbers = random, count(1)
        self._jobs: deque[Job] = deque(maxlen=POPULAR)
        self._people: list[Person] = []

    async def join(self, client: httpx.AsyncClient) -> Person:
        """Somebody new comes, and logs in."""
        name = f"person{next(self._numbers)}"
        account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        made = await patiently(client, "/users", json=account)
        person = Person(name, made.json()["id"])
        person.learn(await patiently(client, "/auth/token", data=form("log_in", person)))
        self._people.append(person)
        return person

    def think(self, staff: Person) -> Attempt:
        """What comes to somebody's mind.

        Args:
            staff: Who looks after the others.
        """
        while True:
            name = self._random.choices(list(STEPS), WEIGHTS)[0]
            step, job, part = STEPS[name], None, None
            if step.about:
                job = self._random.choice(self._jobs) if self._jobs else None
                parts = {"offer": job.offers, "booking": job.bookings} if job else {}
                part = self._random.choice(parts.get(step.about) or [None])
            if (job or not step.about) and (part or step.about in ("", "job")):
                person = self._person(step, job, part, staff)
                return Attempt(name, person, job, part, *self._request(name, person, part or job))

    def learn(self, attempt: Attempt, response: httpx.Response) -> None:
        """Takes note of what came of a step that was taken."""
        name, person, job, part = attempt[:4]
        if name == "post":
            self._jobs.append(Job(f"/cleanings/{response.json()['id']}", person))
        elif name == "offer" and job:
            path = f"{job.path}/offers/{response.json()['id']}"
            job.offers.append(Part(path, person))
        elif name == "accept" and job and part:
            path = f"{job.path}/bookings/{response.json()['id']}"
            job.bookings.append(Part(path, part.cleaner))
        elif name in ("refresh", "log_in"):
            person.learn(response)
        elif name == "leave":
            self._people.remove(person)

    def _person(self, step: Step, job: Job | None, part: Part | None, staff: Person) -> Person:
        """Who takes a step: whoever may, and sometimes somebody else."""
        others_too = self._random.random() < OTHERS_TOO
        if step.who == "staff":
            return staff
        if job and step.who == "owner" and not others_too:
            return job.owner
        if part and step.who == "cleaner" and not others_too:
            return part.cleaner
        return self._random.choice(self._people)

    def _request(
        self, name: str, person: Person, thing: Job | Part | None
    ) -> tuple[str, dict[str, Any]]:
        """Where somebody asks for a step, and what they send."""
        step, number = STEPS[name], next(self._numbers)
        somebody = self._random.choice(self._people)
        path = step.path.format(thing=thing.path if thing else "", person=somebody.id)
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
    """Asks for something for which a password is hashed, until there is room for that."""
    while (response := await client.post(path, **options)).status_code == BUSY:
        await asyncio.sleep(PAUSE)
    return response.raise_for_status()


def form(name: str, person: Person) -> dict[str, str] | None:
    """What somebody sends to get a token, if that is what they do."""
    if name == "refresh":
        return {"grant_type": "refresh_token", "refresh_token": person.refresh_token}
    if name == "log_in":
        return {"username": person.name, "password": PASSWORD}
    return None
