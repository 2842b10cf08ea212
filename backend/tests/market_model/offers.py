"""Offers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.market_model.bookings import Booking
from tests.market_model.people import Person, demand

if TYPE_CHECKING:
    from tests.market_model.jobs import Job


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
