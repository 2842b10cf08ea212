"""Jobs, and what becomes of them when an account is deleted."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.market_model.bookings import Booking
from tests.market_model.offers import Offer
from tests.market_model.people import Person, demand


@dataclass(eq=False)
class Job:
    """A job of the model."""

    owner: Person
    start: str | None
    """None, `later` or `past`."""
    category: str | None
    path: str = ""
    status: str = "open"
    wording: int = 1
    hidden: bool = False
    ordered: bool = False
    deleted: bool = False
    offers: list[Offer] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)

    @property
    def cleaner(self) -> Person | None:
        """Who is booked."""
        booked = (it.offer.cleaner for it in self.bookings if it.status == "scheduled")
        return next(booked, None)

    @classmethod
    def of(cls, owner: Person, *, start: str | None, category: str | None) -> "Job":
        owner.act()
        return cls(owner, start, category)

    @property
    def expired(self) -> bool:
        """Whether its start passed without a booking, be that noted or not."""
        return self.status == "expired" or (self.status == "open" and self.start == "past")

    @property
    def is_counted(self) -> bool:
        """Whether its category counts it: until the clock has noted that its start has passed."""
        shown = not (self.hidden or self.deleted or self.owner.blocked)
        return self.status == "open" and shown

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
        return self._is_shared_with(who) and (not self.hidden or who in (self.owner, self.cleaner))

    def lose(self, status: str) -> None:
        """Its booking ends without the work done: one that comes from an order is cancelled."""
        self.status = "cancelled" if self.ordered else status

    def edit(self, who: Person) -> None:
        self._demand_owner(who)
        demand(not self.expired, "cleaning_expired")
        demand(self.status == "open", "cleaning_not_open")
        self.wording += 1

    def translate(self, who: Person) -> None:
        """Its owner corrects its language, which is no term."""
        self._demand_owner(who)
        demand(not self.expired, "cleaning_expired")
        demand(self.status == "open", "cleaning_not_open")

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
        self.demand_found(who)
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

    def demand_found(self, who: Person) -> None:
        """Those who take a step that needs no booking: a booked cleaner is as any other."""
        who.act()
        found = self._is_shared_with(who) and (not self.hidden or who is self.owner)
        demand(found, "cleaning_not_found")

    def _demand_owner(self, who: Person) -> None:
        who.act()
        demand(self.sees(who), "cleaning_not_found")
        demand(who is self.owner, "not_owner")

    def _is_shared_with(self, who: Person) -> bool:
        there = not self.deleted and not self.owner.blocked
        has_part = who is self.owner or who in [offer.cleaner for offer in self.offers]
        return there and (has_part or not self.ordered)


def delete_account(who: Person, jobs: Iterable[Job]) -> None:
    """A user deletes the account, which ends open jobs and offers."""
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
