"""The rules of the market in plain Python: what each step is answered, and what comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.factories.users import Actor


class Refused(Exception):
    """A step that the rules forbid.

    Args:
        code: That of the problem that is answered.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def demand(condition: object, code: str) -> None:
    """Refuses a step unless something is so."""
    if not condition:
        raise Refused(code)


@dataclass(eq=False)
class Person:
    """Somebody with an account."""

    actor: Actor
    blocked: bool = False
    deleted: bool = False
    stars: list[int] = field(default_factory=list)
    """What counts in their rating as a cleaner."""

    @property
    def acts(self) -> bool:
        return not (self.blocked or self.deleted)

    def act(self) -> None:
        demand(self.acts, "unauthenticated")


@dataclass(eq=False)
class Evaluation:
    """What one side of a booking says of the other."""

    stars: int
    counted_in: list[int]
    path: str = ""
    hidden: bool = False
    is_gone = False

    def __post_init__(self) -> None:
        self.counted_in.append(self.stars)

    def hide(self, *, hidden: bool) -> None:
        if hidden and not self.hidden:
            self.counted_in.remove(self.stars)
        elif self.hidden and not hidden:
            self.counted_in.append(self.stars)
        self.hidden = hidden


@dataclass(eq=False)
class Booking:
    """An offer that was accepted."""

    offer: "Offer"
    path: str = ""
    status: str = "scheduled"
    reported: bool = False
    is_gone = False
    evaluated_by: list[Person] = field(default_factory=list)

    def demand_side(self, who: Person, *, owner: bool = False) -> None:
        who.act()
        demand(who in (self.offer.job.owner, self.offer.cleaner), "booking_not_found")
        demand(not owner or who is self.offer.job.owner, "not_owner")

    @property
    def has_started(self) -> bool:
        return self.offer.job.start == "past"

    @property
    def starts_later(self) -> bool:
        return self.offer.job.start == "later"

    def report(self, who: Person) -> None:
        self.demand_side(who)
        demand(who is self.offer.cleaner, "not_cleaner")
        demand(self.status == "scheduled", "booking_not_scheduled")
        demand(not self.starts_later, "booking_not_started")
        demand(not self.reported, "already_reported")
        self.reported = True

    def complete(self, who: Person) -> None:
        self.demand_side(who, owner=True)
        demand(self.status == "scheduled", "booking_not_scheduled")
        demand(not self.starts_later, "booking_not_started")
        self.status = self.offer.job.status = "completed"

    def cancel(self, who: Person) -> None:
        self.demand_side(who)
        demand(self.status == "scheduled", "booking_not_scheduled")
        demand(not self.has_started, "booking_started")
        self.status = "cancelled"
        self.offer.status = "withdrawn" if who is self.offer.cleaner else "superseded"
        self.offer.job.status = "open"

    def miss(self, who: Person) -> None:
        self.demand_side(who, owner=True)
        demand(self.status == "scheduled", "booking_not_scheduled")
        demand(self.has_started, "booking_not_started")
        self.status = "no_show"
        self.offer.status, self.offer.job.status = "superseded", "expired"

    def answered_by_time(self) -> None:
        """The clock completes it, if it was reported and that was long ago."""
        if self.status == "scheduled" and self.reported:
            self.status = self.offer.job.status = "completed"

    def forgotten(self) -> None:
        """The clock cancels it, if its start was long ago and it was never reported."""
        if self.status == "scheduled" and self.has_started and not self.reported:
            self.status = "cancelled"
            self.offer.status, self.offer.job.status = "superseded", "expired"

    def evaluate(self, who: Person, stars: int) -> Evaluation:
        self.demand_side(who)
        demand(self.status in ("completed", "no_show"), "booking_not_finished")
        of_cleaner = who is self.offer.job.owner
        other = self.offer.cleaner if of_cleaner else self.offer.job.owner
        demand(not other.deleted, "other_side_deleted")
        demand(who not in self.evaluated_by, "already_evaluated")
        self.evaluated_by.append(who)
        return Evaluation(stars, self.offer.cleaner.stars if of_cleaner else [])


@dataclass(eq=False)
class Offer:
    """What a cleaner would do a job for."""

    job: "Job"
    cleaner: Person
    wording: int
    path: str = ""
    price: int = 50
    status: str = "pending"
    hidden: bool = False

    @property
    def outdated(self) -> bool:
        return self.wording < self.job.wording

    @property
    def is_gone(self) -> bool:
        return self.job.deleted

    def hide(self, *, hidden: bool) -> None:
        self.hidden = hidden

    def sees(self, who: Person) -> bool:
        return who is self.cleaner or (who is self.job.owner and not self.hidden)

    def revise(self, who: Person) -> None:
        self._demand(who, self.cleaner, "not_offerer")
        demand(not self.job.expired, "cleaning_expired")
        demand(self.status == "pending", "offer_not_pending")

    def withdraw(self, who: Person) -> None:
        self._demand(who, self.cleaner, "not_offerer")
        demand(self.status == "pending", "offer_not_pending")
        self.status = "withdrawn"

    def reject(self, who: Person) -> None:
        self._demand(who, self.job.owner, "not_owner")
        demand(self.status == "pending", "offer_not_pending")
        self.status, self.wording = "rejected", self.job.wording

    def renew(self, who: Person) -> None:
        self._renew(who, cheaper=False)

    def lower(self, who: Person) -> None:
        """Renews it at a lower price."""
        self._renew(who, cheaper=True)
        self.price -= 1

    def _renew(self, who: Person, *, cheaper: bool) -> None:
        self._demand(who, self.cleaner, "not_offerer")
        demand(not self.job.expired, "cleaning_expired")
        demand(self.job.status == "open", "cleaning_not_open")
        demand(not self.job.hidden, "cleaning_hidden")
        ended = self.status in ("superseded", "withdrawn")
        outdated = self.outdated and self.status in ("pending", "rejected")
        lowered = cheaper and self.status == "rejected"
        demand(ended or outdated or lowered, "offer_not_renewable")
        self.status, self.wording = "pending", self.job.wording

    def accept(self, who: Person) -> Booking:
        self._demand(who, self.job.owner, "not_owner")
        demand(not self.job.expired, "cleaning_expired")
        demand(self.job.status == "open", "cleaning_not_open")
        demand(not self.job.hidden, "cleaning_hidden")
        demand(self.status == "pending", "offer_not_pending")
        demand(not self.outdated, "offer_outdated")
        demand(not self.cleaner.blocked, "offerer_blocked")
        self.status, self.job.status = "accepted", "booked"
        self.job.supersede()
        self.job.bookings.append(Booking(self))
        return self.job.bookings[-1]

    def _demand(self, who: Person, whose: Person, code: str) -> None:
        who.act()
        demand(not self.job.deleted, "offer_not_found")
        demand(self.sees(who), "offer_not_found")
        demand(who is whose, code)


@dataclass(eq=False)
class Job:
    """What somebody wants to have cleaned."""

    owner: Person
    start: str | None
    """None, `later` or `past`."""
    path: str = ""
    status: str = "open"
    wording: int = 1
    hidden: bool = False
    deleted: bool = False
    offers: list[Offer] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)

    @property
    def cleaner(self) -> Person | None:
        """Who is booked."""
        booked = (it.offer.cleaner for it in self.bookings if it.status == "scheduled")
        return next(booked, None)

    @classmethod
    def of(cls, owner: Person, *, start: str | None) -> "Job":
        owner.act()
        return cls(owner, start)

    @property
    def expired(self) -> bool:
        """Whether its start passed without a booking, be that noted or not."""
        return self.status == "expired" or (self.status == "open" and self.start == "past")

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def shown_status(self) -> str:
        return "expired" if self.expired else self.status

    def begin(self) -> None:
        """Its start passes, if it has one."""
        if self.start == "later":
            self.start = "past"

    def expire(self) -> None:
        """The clock notes that its start has passed."""
        if self.expired and self.status == "open" and not self.deleted:
            self.status = "expired"
            self.supersede()

    @property
    def is_gone(self) -> bool:
        return self.deleted

    def hide(self, *, hidden: bool) -> None:
        self.hidden = hidden

    @property
    def goes_on(self) -> bool:
        return self.status in ("open", "booked") and not self.deleted

    def sees(self, who: Person) -> bool:
        there = not self.deleted and not self.owner.blocked
        return there and (not self.hidden or who in (self.owner, self.cleaner))

    def edit(self, who: Person) -> None:
        self._demand_owner(who)
        demand(not self.expired, "cleaning_expired")
        demand(self.status == "open", "cleaning_not_open")
        self.wording += 1

    def restart(self, who: Person) -> None:
        """Its owner sets a new start."""
        self._demand_owner(who)
        demand(self.status in ("open", "expired"), "cleaning_not_open")
        self.status, self.start = "open", "later"
        self.wording += 1

    def cancel(self, who: Person) -> None:
        self._demand_owner(who)
        demand(not self.expired, "cleaning_expired")
        demand(self.status in ("open", "booked"), "cleaning_ended")
        demand(self.status == "open" or self.start != "past", "booking_started")
        for booking in self.bookings:
            if booking.status == "scheduled":
                booking.status, booking.offer.status = "cancelled", "superseded"
        self.status = "cancelled"
        self.supersede()

    def delete(self, who: Person) -> None:
        self._demand_owner(who)
        demand(not self.bookings, "cleaning_booked")
        self.deleted = True
        self.supersede()

    def offer(self, who: Person) -> Offer:
        self._demand_found(who)
        demand(who is not self.owner, "own_cleaning")
        demand(not self.expired, "cleaning_expired")
        demand(self.status == "open", "cleaning_not_open")
        demand(who not in [offer.cleaner for offer in self.offers], "duplicate_offer")
        self.offers.append(Offer(self, who, self.wording))
        return self.offers[-1]

    def supersede(self) -> None:
        """Ends the offers that are still up for decision."""
        for offer in self.offers:
            if offer.status == "pending":
                offer.status = "superseded"

    def _demand_found(self, who: Person) -> None:
        """Those who take a step that needs no booking: a booked cleaner is as any other."""
        who.act()
        there = not self.deleted and not self.owner.blocked
        demand(there and (not self.hidden or who is self.owner), "cleaning_not_found")

    def _demand_owner(self, who: Person) -> None:
        self._demand_found(who)
        demand(who is self.owner, "not_owner")


def delete_account(who: Person, jobs: Iterable[Job]) -> None:
    """Somebody leaves, and takes along what is under way."""
    who.act()
    scheduled = [it for job in jobs for it in job.bookings if it.status == "scheduled"]
    demand(
        not any(who in (it.offer.cleaner, it.offer.job.owner) for it in scheduled), "live_booking"
    )
    for job in jobs:
        if job.owner is who:
            job.expire()
            if job.status == "open" and not job.deleted:
                job.cancel(who)
    for job in jobs:
        for offer in job.offers:
            if offer.cleaner is who and offer.status == "pending":
                offer.status = "withdrawn"
    who.deleted = True
