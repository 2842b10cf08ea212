"""What simulated users know: each other, and the things that they act on.

The roles of a step (`Step.who`) are attributes of the things.
"""

from dataclasses import dataclass, field

import httpx


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
class Thing:
    """An object with a path.

    Args:
        path: The path.
        owner: The owner of a job, the seller of a package, the customer of an order; of a question,
            the user who is asked.
    """

    path: str
    owner: Person


@dataclass(eq=False)
class Question(Thing):
    """A question about a job or a package, and its author."""

    author: Person


@dataclass(eq=False)
class Topic(Thing):
    """A thing that questions are about, with those known to the crowd."""

    questions: list[Question] = field(default_factory=list, kw_only=True)


@dataclass(eq=False)
class Part(Thing):
    """An offer or a booking of a job, with its cleaner."""

    job: "Job"
    cleaner: Person


@dataclass(eq=False)
class Job(Topic):
    """A job, with the offers and bookings known to the crowd."""

    offers: list[Part] = field(default_factory=list)
    bookings: list[Part] = field(default_factory=list)

    def add_booking(self, booking_id: str, cleaner: Person) -> None:
        """Adds a booking."""
        path = f"{self.path}/bookings/{booking_id}"
        self.bookings.append(Part(path, self.owner, self, cleaner))


@dataclass(eq=False)
class Order(Thing):
    """An order, with its cleaner, and its job once it is accepted."""

    cleaner: Person
    job: Job | None = None


@dataclass(eq=False)
class Package(Topic):
    """A package at its last known revision, with the orders known to the crowd."""

    id: str
    revision: int = 1
    orders: list[Order] = field(default_factory=list)
