"""Cleanings: the jobs that owners post."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Integer, false, text
from sqlmodel import Field

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.names import text_key
from app.db.models.categories import CategoryDelta, Counted, deltas
from app.db.models.extras import extras_checks
from app.db.models.fields import choice, id_field, key_field, moment_field, now
from app.db.models.hiding import Hideable
from app.db.models.json_columns import json_list
from app.db.models.prices import demand_price
from app.db.models.searched import UNMAPPED, Searched, search_arguments
from app.db.models.states.cleanings import (
    FINAL,
    CleaningExpired,
    CleaningHidden,
    CleaningMove,
    CleaningStatus,
    counted_in,
)
from app.db.models.states.moves import Move, Stateful
from app.db.models.terms import TERMS, CleaningBase, CleaningCreate, CleaningRevision
from app.postgres.rows import Expressions


class CleaningNotFound(NotFound):
    code = "cleaning_not_found"
    detail = "Job not found."


class NotOwner(Forbidden):
    code = "not_owner"
    detail = "Only the owner of the job may do this."


class CleaningBooked(Conflict):
    code = "cleaning_booked"
    detail = "A job that was ever booked can't be deleted. It can be cancelled before its start."


KEPT = text("deleted_at IS NULL")
DUE_BEFORE = text("search_revision IS DISTINCT FROM terms_revision")
BY_PRICE = ("status", "currency", "price", "id")


class Cleaning(CleaningBase, Searched, Hideable, Stateful, table=True):
    """A job, from its posting to its end.

    One that is `ordered` comes from an accepted order, and has the id of the order. It is booked
    from the beginning and never open, and only its two sides see it.

    Its language is not a term, since the cleaner does not agree to it: a correction of it outdates
    no offer.
    """

    __tablename__ = "cleanings"
    __table_args__ = (
        *search_arguments("cleanings", "terms_revision", KEPT),
        # For the worker of the previous release, which fills other vectors.
        Column("search_revision", Integer),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("terms_revision > 0", name="terms_revision"),
        CheckConstraint(
            "NOT ordered OR status IN ('booked', 'completed', 'cancelled')", name="ordered"
        ),
        *extras_checks(),
        # Browsing one status: newest or oldest first, and by price in one currency.
        Index("ix_cleanings_status_id", "status", "id", postgresql_where=KEPT),
        # For servers of the previous release, which have no currencies.
        Index("ix_cleanings_status_price", "status", "price", "id", postgresql_where=KEPT),
        Index("ix_cleanings_status_currency_price", *BY_PRICE, postgresql_where=KEPT),
        # Browsing by start.
        Index("ix_cleanings_status_starts_at", "status", "starts_at", postgresql_where=KEPT),
        Index("ix_cleanings_area_key", "area_key", "status", "id"),  # browsing one area
        # Browsing categories: newest or oldest first, and by price in one currency.
        Index("ix_cleanings_category", "category", "status", "id", postgresql_where=KEPT),
        Index("ix_cleanings_category_price", "category", *BY_PRICE, postgresql_where=KEPT),
        Index("ix_cleanings_owner_id", "owner_id", "id"),  # the jobs of one owner
        Index("ix_cleanings_search_due", "id", postgresql_where=DUE_BEFORE),  # likewise
    )
    __mapper_args__: ClassVar = {"exclude_properties": [*UNMAPPED, "search_revision"]}
    written_together = frozenset(
        {*CleaningBase.model_fields, "extras", "language", "area_key", "terms_revision"}
    )

    id: UUID = id_field()
    owner_id: UUID = Field(foreign_key="users.id")
    status: CleaningStatus = Field(
        default=CleaningStatus.OPEN, sa_type=choice(CleaningStatus, "status")
    )
    ordered: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    extras: list[dict[str, Any]] = json_list()
    photos: list[dict[str, Any]] = json_list()
    terms_revision: int = 1
    area_key: str | None = key_field(default=None)
    cancellation_reason: str | None = None
    ended_at: datetime | None = moment_field(default=None)
    deleted_at: datetime | None = moment_field(default=None)

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:
        """The search vector of the job, and the revision of the terms from which it was made."""
        revision = written["terms_revision"]
        revisions = dict.fromkeys(("words_revision", "search_revision"), revision)
        return {**super().derived(written), **revisions}

    def keyed(self) -> dict[str, Any]:
        """The comparison key of its area."""
        return {"area_key": None if self.area is None else text_key(self.area)}

    def followed_by(self, before: Mapping[str, Any] | None) -> list[CategoryDelta]:
        """The changes of the numbers of open jobs by category."""
        counted = counted_in(before) if before else None
        return deltas(Counted.JOBS, self.owner_id, counted, counted_in(self.__dict__))

    @property
    def terms(self) -> dict[str, Any]:
        """The present terms as JSON."""
        terms: dict[str, Any] = TERMS.dump_python(self, mode="json")
        return terms | {"extras": self.extras}

    @property
    def has_started(self) -> bool:
        """Whether its start has passed."""
        return self.starts_at is not None and self.starts_at <= now()

    @property
    def is_expired(self) -> bool:
        """Whether its start passed without a booking, even if the clock has not expired it yet."""
        open_too_long = self.status is CleaningStatus.OPEN and self.has_started
        return open_too_long or self.status is CleaningStatus.EXPIRED

    def demand_future_start(self) -> None:
        """Refuses a start in the past.

        Raises:
            Invalid: The start has passed.
        """
        if self.has_started:
            raise Invalid("The start must lie in the future.", field="starts_at")

    def demand_not_expired(self) -> None:
        """Refuses an expired job.

        Raises:
            CleaningExpired: Its start has passed without a booking.
        """
        if self.is_expired:
            raise CleaningExpired

    def demand_open(self, move: Move) -> None:
        """Refuses a move that only an open job allows.

        Raises:
            CleaningExpired: Its start has passed.
            CleaningNotOpen: It is not open.
        """
        self.demand_not_expired()
        self.demand(move)

    def demand_shown(self) -> None:
        """Refuses new bookings and offers of a hidden job.

        Raises:
            CleaningHidden: Staff has hidden it.
        """
        if self.hidden_at:
            raise CleaningHidden

    @classmethod
    def posted(
        cls, draft: CleaningCreate, owner_id: UUID, currency: str, language: str
    ) -> "Cleaning":
        """Returns a new job, without extras.

        Args:
            draft: Its terms and its language.
            owner_id: The account that posts it.
            currency: The currency of its price unless the draft has one.
            language: The language of its texts unless the draft has one.

        Raises:
            PriceNotWhole: Prices in the currency of the market are whole.
        """
        terms = dict(draft) | {"extras": []}
        if draft.currency is None:
            demand_price(draft.price, currency)
            terms["currency"] = currency
        terms["language"] = draft.language or language
        return cls(owner_id=owner_id, **terms)

    def edit(self, changes: Mapping[str, Any], editor_id: UUID) -> CleaningRevision | None:
        """Applies new values of terms, and a language. A new start reopens an expired job.

        Returns:
            The former terms, if any have changed.

        Raises:
            CleaningExpired: Its start has passed, and no new one is given.
            CleaningNotOpen: It is booked or has ended.
            CurrencyNotSupported: The price changes, and its currency takes no new prices.
            PriceNotWhole: The price changes, and prices in its currency are whole.
            Invalid: The new start has passed.
        """
        differing = self.differing(changes)
        is_restarted = differing.get("starts_at") is not None
        if not (is_restarted and self.is_expired):
            self.demand_open(CleaningMove.EDIT)
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
        if not self.take_over(differing) or differing.keys() == {"language"}:
            return None
        if is_restarted:
            self.demand_future_start()
        self.status = CleaningStatus.OPEN
        self.terms_revision += 1
        return before

    def move(self, move: Move) -> None:
        """Makes a move, and notes the time of one that ends the job for good."""
        super().move(move)
        if move.to in FINAL:
            self.ended_at = self.updated_at

    def book(self) -> None:
        """Books the job: an offer was accepted.

        Raises:
            CleaningExpired: Its start has passed.
            CleaningNotOpen: It is booked or has ended.
            CleaningHidden: Staff has hidden it.
        """
        self.demand_open(CleaningMove.BOOK)
        self.demand_shown()
        self.move(CleaningMove.BOOK)

    def reopen(self) -> None:
        """Reopens the job, or cancels one that is ordered: its booking was cancelled.

        Raises:
            CleaningNotBooked: It is not booked.
        """
        self.demand(CleaningMove.REOPEN)
        self.move(CleaningMove.CANCEL if self.ordered else CleaningMove.REOPEN)

    def complete(self) -> None:
        """Completes the job: the work is done.

        Raises:
            CleaningNotBooked: It is not booked.
        """
        self.move(CleaningMove.COMPLETE)

    def cancel(self, reason: str | None) -> None:
        """Cancels the job.

        Args:
            reason: The reason, as the owner gives it.

        Raises:
            CleaningExpired: Its start has passed without a booking.
            CleaningEnded: It is completed or cancelled.
        """
        self.demand_not_expired()
        self.move(CleaningMove.CANCEL)
        self.cancellation_reason = reason

    def expire(self) -> None:
        """Expires the job, or cancels one that is ordered: it has started without the work done.

        Raises:
            CleaningEnded: It has ended.
        """
        self.move(CleaningMove.CANCEL if self.ordered else CleaningMove.EXPIRE)

    def delete(self) -> None:
        """Deletes the job: it is kept, but no longer shown."""
        self.deleted_at = now()
        self.touch()
