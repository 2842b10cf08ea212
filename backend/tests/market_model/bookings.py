"""Bookings and evaluations."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.market_model.people import Person, demand

if TYPE_CHECKING:
    from tests.market_model.offers import Offer


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
    ticked: bool = False
    """Whether the only item of its checklist is done."""
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

    def tick(self, who: Person) -> None:
        """The cleaner ticks the item off, or takes the tick back."""
        self.demand_side(who)
        demand(who is self.offer.cleaner, "not_cleaner")
        demand(self.status == "scheduled", "booking_not_scheduled")
        demand(not self.starts_later, "booking_not_started")
        self.ticked = not self.ticked

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
        self.offer.job.lose("open")

    def miss(self, who: Person) -> None:
        self.demand_side(who, owner=True)
        demand(self.status == "scheduled", "booking_not_scheduled")
        demand(self.has_started, "booking_not_started")
        self.status = "no_show"
        self.offer.status = "superseded"
        self.offer.job.lose("expired")

    def answered_by_time(self) -> None:
        """The clock completes it, if it was reported and that was long ago."""
        if self.status == "scheduled" and self.reported:
            self.status = self.offer.job.status = "completed"

    def forgotten(self) -> None:
        """The clock cancels it, if its start was long ago and it was never reported."""
        if self.status == "scheduled" and self.has_started and not self.reported:
            self.status = "cancelled"
            self.offer.status = "superseded"
            self.offer.job.lose("expired")

    def evaluate(self, who: Person, stars: int) -> Evaluation:
        self.demand_side(who)
        demand(self.status in ("completed", "no_show"), "booking_not_finished")
        of_cleaner = who is self.offer.job.owner
        other = self.offer.cleaner if of_cleaner else self.offer.job.owner
        demand(not other.deleted, "other_side_deleted")
        demand(who not in self.evaluated_by, "already_evaluated")
        self.evaluated_by.append(who)
        return Evaluation(stars, self.offer.cleaner.stars if of_cleaner else [])
