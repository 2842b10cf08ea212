"""Bookings on pages."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter

from app.db.models.bookings import REACHABLE_FOR, UNREPORTED_FOR
from app.db.models.fields import now
from app.web.views.people import Named
from app.web.views.terms import Terms

SCHEDULED, COMPLETED = "scheduled", "completed"
FINISHED = {COMPLETED, "no_show"}
UNKNOWN = UUID(int=0)


class CheckedItem(BaseModel):
    """An item of a checklist."""

    number: int
    text: str
    done_at: datetime | None


class Booking(BaseModel):
    """A booking, for one of its sides."""

    id: UUID
    cleaning_id: UUID
    order_id: UUID | None
    status: str
    price: Decimal
    currency: str
    terms: Terms
    checklist: list[CheckedItem]
    owner: Named
    cleaner: Named
    owner_evaluated: bool
    cleaner_evaluated: bool
    cancelled_by: str | None
    cancellation_reason: str | None
    reported_at: datetime | None
    completes_at: datetime | None
    ended_at: datetime | None
    viewer_id: UUID = UNKNOWN

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/bookings/{self.cleaning_id}/{self.id}"

    @property
    def is_owner(self) -> bool:
        """Whether it is shown to the owner of the job."""
        return self.viewer_id == self.owner.id

    @property
    def other(self) -> Named:
        """The other side."""
        return self.cleaner if self.is_owner else self.owner

    @property
    def starts_at(self) -> datetime | None:
        """The agreed start."""
        return self.terms.starts_at

    @property
    def has_started(self) -> bool:
        """Whether the agreed start has passed."""
        return self.starts_at is not None and self.starts_at <= now()

    @property
    def is_scheduled(self) -> bool:
        """Whether it has not ended."""
        return self.status == SCHEDULED

    @property
    def is_under_way(self) -> bool:
        """Whether the work can be ticked off, reported and completed."""
        return self.is_scheduled and (self.has_started or self.starts_at is None)

    @property
    def is_cancellable(self) -> bool:
        """Whether either side can cancel it."""
        return self.is_scheduled and not self.has_started

    @property
    def is_missable(self) -> bool:
        """Whether it can be marked as a no-show."""
        return self.is_scheduled and self.has_started

    @property
    def forgotten_at(self) -> datetime | None:
        """When it is cancelled unless one side ends or reports it before."""
        return self.starts_at and self.starts_at + UNREPORTED_FOR

    @property
    def is_reviewed(self) -> bool:
        """Whether the viewer has evaluated the other side."""
        return self.owner_evaluated if self.is_owner else self.cleaner_evaluated

    @property
    def is_to_review(self) -> bool:
        """Whether the viewer can evaluate the other side."""
        return self.status in FINISHED and not self.is_reviewed

    @property
    def has_reviews(self) -> bool:
        """Whether any side has evaluated the other."""
        return self.owner_evaluated or self.cleaner_evaluated

    @property
    def reachable_until(self) -> datetime | None:
        """When its sides stop seeing how to reach each other; None before its end."""
        return self.ended_at and self.ended_at + REACHABLE_FOR

    @property
    def is_reachable(self) -> bool:
        """Whether its sides see how to reach each other."""
        until = self.reachable_until
        return self.is_scheduled or (
            self.status == COMPLETED and until is not None and until > now()
        )

    @property
    def done(self) -> int:
        """The number of items that are ticked off."""
        return sum(item.done_at is not None for item in self.checklist)

    def seen_by(self, viewer_id: UUID) -> "Booking":
        """The booking, as it is shown to one of its sides."""
        self.viewer_id = viewer_id
        return self


class Contact(BaseModel):
    """How to reach the other side of a booking."""

    email: str | None
    phone_number: str | None


class Plan(NamedTuple):
    """Scheduled bookings by their start.

    Args:
        overdue: Those of earlier days, which neither side has ended.
        today: Those of today.
        coming: Those of later days.
        undated: Those without a start.
    """

    overdue: list[Booking]
    today: list[Booking]
    coming: list[Booking]
    undated: list[Booking]


def plan_of(bookings: Iterable[Booking], zone: ZoneInfo) -> Plan:
    """Bookings by their start, the earliest first.

    Args:
        bookings: Scheduled bookings.
        zone: The time zone of the market.
    """
    plan = Plan([], [], [], [])
    today = now().astimezone(zone).date()
    by_start = sorted(bookings, key=lambda it: it.starts_at or now())
    for booking in by_start:
        if booking.starts_at is None:
            plan.undated.append(booking)
        else:
            _group(plan, booking.starts_at.astimezone(zone).date(), today).append(booking)
    return plan


def _group(plan: Plan, day: date, today: date) -> list[Booking]:
    if day == today:
        return plan.today
    return plan.coming if day - today > timedelta() else plan.overdue


BOOKINGS = TypeAdapter(list[Booking])
