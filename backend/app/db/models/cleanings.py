"""Cleanings: the jobs that customers post."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from app.core.names import text_key
from app.db.models.fields import (
    Input,
    Moment,
    Reason,
    choice,
    id_field,
    key_field,
    moment_field,
    now,
)
from app.db.models.hiding import Hideable
from app.db.models.prices import demand_price
from app.db.models.profiles import ProfileRated
from app.db.models.terms import (
    TERMS,
    CleaningCreate,
    CleaningRevision,
    CleaningTerms,
    CleaningUpdate,
    search_vector,
)
from app.postgres.rows import Expressions


class CleaningStatus(StrEnum):
    OPEN = "open"
    BOOKED = "booked"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class CleaningNotFound(NotFound):
    code = "cleaning_not_found"
    detail = "There is no such cleaning job."


class NotOwner(Forbidden):
    code = "not_owner"
    detail = "Only the owner of the job may do this."


class CleaningNotOpen(IllegalMove):
    code = "cleaning_not_open"
    detail = "The job is booked or has ended."
    thing = "job"


class CleaningNotBooked(IllegalMove):
    code = "cleaning_not_booked"
    detail = "The job is not booked."
    thing = "job"


class CleaningEnded(IllegalMove):
    code = "cleaning_ended"
    detail = "The job has ended."
    thing = "job"


class CleaningExpired(Conflict):
    code = "cleaning_expired"
    detail = "The start of the job has passed. Only a new start, set by its owner, opens it again."

    def __init__(self) -> None:
        super().__init__(state=CleaningStatus.EXPIRED, allowed=[CleaningStatus.OPEN])


class CleaningBooked(Conflict):
    code = "cleaning_booked"
    detail = "A job that was ever booked is kept. It can only be cancelled, before its start."


class CleaningHidden(Conflict):
    code = "cleaning_hidden"
    detail = "Staff has hidden the job: nobody can be booked for it."


KEPT = text("deleted_at IS NULL")
BY_PRICE = ("status", "currency", "price", "id")


class Cleaning(CleaningTerms, Hideable, table=True):
    """A job, from its posting to its end."""

    __tablename__ = "cleanings"
    __table_args__ = (
        # The words of the name and the description, and the revision of the terms that has them.
        # A server of the release before writes neither: see `WordsRepository`.
        Column("search", TSVECTOR),
        Column("search_revision", Integer),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("terms_revision > 0", name="terms_revision"),
        # Browsing one status: newest or oldest first, and by price in one currency.
        Index("ix_cleanings_status_id", "status", "id", postgresql_where=KEPT),
        # For servers of the release before, which know of no currency.
        Index("ix_cleanings_status_price", "status", "price", "id", postgresql_where=KEPT),
        Index("ix_cleanings_status_currency_price", *BY_PRICE, postgresql_where=KEPT),
        # Browsing by a time of start that few jobs of the status have.
        Index("ix_cleanings_status_starts_at", "status", "starts_at", postgresql_where=KEPT),
        Index("ix_cleanings_area_key", "area_key", "status", "id"),  # browsing one area
        Index("ix_cleanings_owner_id", "owner_id", "id"),  # the jobs of one owner
        Index("ix_cleanings_search", "search", postgresql_using="gin"),  # full-text search
        Index(  # the jobs whose words have to be found again
            "ix_cleanings_search_due",
            "id",
            postgresql_where=text("search_revision IS DISTINCT FROM terms_revision"),
        ),
    )
    __mapper_args__: ClassVar = {"exclude_properties": ["search", "search_revision"]}
    written_together = frozenset({*CleaningTerms.model_fields, "area_key", "terms_revision"})

    id: UUID = id_field()
    owner_id: UUID = Field(foreign_key="users.id")
    status: CleaningStatus = Field(
        default=CleaningStatus.OPEN, sa_type=choice(CleaningStatus, "status")
    )
    terms_revision: int = 1
    area_key: str | None = key_field(default=None)
    cancellation_reason: str | None = None
    deleted_at: datetime | None = moment_field(default=None)

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:
        """The words of the job, and the revision of its terms that has them."""
        return {
            "search": search_vector(written["name"], written["description"]),
            "search_revision": written["terms_revision"],
        }

    def keyed(self) -> dict[str, Any]:
        """The key by which its area is found."""
        return {"area_key": None if self.area is None else text_key(self.area)}

    @property
    def terms(self) -> dict[str, Any]:
        """The present terms, as JSON has them."""
        terms: dict[str, Any] = TERMS.dump_python(self, mode="json")
        return terms

    @property
    def has_started(self) -> bool:
        """Whether its start has passed."""
        return self.starts_at is not None and self.starts_at <= now()

    @property
    def is_expired(self) -> bool:
        """Whether its start passed without a booking, even if the worker has not noted that yet."""
        open_too_long = self.status is CleaningStatus.OPEN and self.has_started
        return open_too_long or self.status is CleaningStatus.EXPIRED

    def demand_future_start(self) -> None:
        """Refuses a start that a request sets and that has passed.

        Raises:
            Invalid: It has.
        """
        if self.has_started:
            raise Invalid("The start must lie in the future.", field="starts_at")

    def demand_not_expired(self) -> None:
        """Refuses a move that a job without a booking allows only before its start.

        Raises:
            CleaningExpired: Its start has passed.
        """
        if self.is_expired:
            raise CleaningExpired

    def demand_open(self, move: str) -> None:
        """Refuses a move that only an open job allows.

        Raises:
            CleaningExpired: Its start has passed.
            CleaningNotOpen: It is not open.
        """
        self.demand_not_expired()
        CleaningNotOpen.unless(self.status, [CleaningStatus.OPEN], move)

    def demand_shown(self) -> None:
        """Refuses a new agreement about a job that is hidden.

        Raises:
            CleaningHidden: It is.
        """
        if self.hidden_at:
            raise CleaningHidden

    @classmethod
    def posted(cls, draft: CleaningCreate, owner_id: UUID, currency: str) -> "Cleaning":
        """A new job.

        Args:
            draft: Its terms.
            owner_id: Who posts it.
            currency: The currency of its price, if the draft names none.

        Raises:
            PriceNotWhole: Prices in the currency of the market are whole.
        """
        terms = dict(draft)
        if draft.currency is None:
            demand_price(draft.price, currency)
            terms["currency"] = currency
        return cls(owner_id=owner_id, **terms)

    def edit(self, changes: CleaningUpdate, editor_id: UUID) -> CleaningRevision | None:
        """Takes over the terms that differ, and returns how they were before.

        A new start opens a job again that has expired.

        Raises:
            CleaningExpired: Its start has passed, and no other is given.
            CleaningNotOpen: It is booked or has ended.
            CurrencyNotSupported: The price changes, and new prices can't be in its currency.
            PriceNotWhole: The price changes, and prices in its currency are whole.
            Invalid: The new start has passed, too.
        """
        differing = self.differing(changes.model_dump(exclude_unset=True))
        is_restarted = differing.get("starts_at") is not None
        if not (is_restarted and self.is_expired):
            self.demand_open("edited")
        if differing.keys() & {"price", "currency"}:
            demand_price(
                differing.get("price", self.price), differing.get("currency", self.currency)
            )
        before = CleaningRevision(
            cleaning_id=self.id,
            revision=self.terms_revision,
            terms=self.terms,
            editor_id=editor_id,
        )
        if not self.take_over(differing):
            return None
        if is_restarted:
            self.demand_future_start()
        self.status = CleaningStatus.OPEN
        self.terms_revision += 1
        return before

    def book(self) -> None:
        """An offer was accepted.

        Raises:
            CleaningExpired: Its start has passed.
            CleaningNotOpen: It is booked already, or has ended.
            CleaningHidden: Staff has hidden it.
        """
        self.demand_open("booked")
        self.demand_shown()
        self._move(CleaningStatus.BOOKED)

    def reopen(self) -> None:
        """The booking came to nothing.

        Raises:
            CleaningNotBooked: There is none.
        """
        CleaningNotBooked.unless(self.status, [CleaningStatus.BOOKED], "opened again")
        self._move(CleaningStatus.OPEN)

    def complete(self) -> None:
        """The work is done.

        Raises:
            CleaningNotBooked: Nobody was to do it.
        """
        CleaningNotBooked.unless(self.status, [CleaningStatus.BOOKED], "completed")
        self._move(CleaningStatus.COMPLETED)

    def cancel(self, reason: str | None) -> None:
        """The owner no longer wants it.

        Raises:
            CleaningExpired: Its start has passed without a booking.
            CleaningEnded: It is completed or cancelled already.
        """
        self.demand_not_expired()
        CleaningEnded.unless(self.status, [CleaningStatus.OPEN, CleaningStatus.BOOKED], "cancelled")
        self.cancellation_reason = reason
        self._move(CleaningStatus.CANCELLED)

    def expire(self) -> None:
        """Its start has passed, and its work was not done.

        Raises:
            CleaningEnded: It has ended already.
        """
        CleaningEnded.unless(self.status, [CleaningStatus.OPEN, CleaningStatus.BOOKED], "expired")
        self._move(CleaningStatus.EXPIRED)

    def delete(self) -> None:
        """Takes it out of every list."""
        self.deleted_at = now()
        self.touch()

    def _move(self, status: CleaningStatus) -> None:
        self.status = status
        self.touch()


class Cancellation(Input):
    """Why something is called off."""

    reason: Reason | None = Field(default=None, schema_extra={"examples": ["We are moving."]})


class CleaningSummary(SQLModel):
    """The job that an offer or a booking belongs to, as it is now."""

    name: str
    starts_at: Moment | None
    status: CleaningStatus


class CleaningPublic(CleaningTerms):
    """A job as the caller may see it."""

    id: UUID
    status: CleaningStatus
    booking_id: UUID | None = Field(
        description="The scheduled or completed booking, shown to its two sides"
    )
    cancellation_reason: str | None
    owner: ProfileRated
    offer_count: int = Field(description="How many offers are pending or accepted")
    created_at: Moment
    updated_at: Moment
