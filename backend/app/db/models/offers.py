"""Offers: what cleaners would do a job for."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from app.db.models.cleanings import Cleaning, CleaningPublic, CleaningSummary
from app.db.models.fields import (
    Input,
    LongText,
    Moment,
    Money,
    choice,
    id_field,
    omittable,
)
from app.db.models.hiding import Hideable
from app.db.models.pages import PageParameters
from app.db.models.prices import demand_price
from app.db.models.profiles import ProfileRated


class OfferStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class OfferNotFound(NotFound):
    code = "offer_not_found"
    detail = "There is no such offer."


class NotOfferer(Forbidden):
    code = "not_offerer"
    detail = "Only the cleaner who made the offer may do this."


class OwnCleaning(Conflict):
    code = "own_cleaning"
    detail = "You posted this job yourself."


class DuplicateOffer(Conflict):
    code = "duplicate_offer"
    detail = (
        "You have made an offer for this job already. Revise it while it is pending, or renew it."
    )


class OfferNotPending(IllegalMove):
    code = "offer_not_pending"
    detail = "The offer is no longer up for decision."
    thing = "offer"


class OfferNotAccepted(IllegalMove):
    code = "offer_not_accepted"
    detail = "The offer is not accepted."
    thing = "offer"


class OfferOutdated(Conflict):
    code = "offer_outdated"
    detail = "The job has changed since this offer was made. Its cleaner must renew it first."


class OfferNotRenewable(IllegalMove):
    code = "offer_not_renewable"
    detail = "The offer can't be renewed in its present state."
    thing = "offer"


class OffererBlocked(Conflict):
    code = "offerer_blocked"
    detail = "The cleaner's account is blocked."


class OfferBase(SQLModel):
    """What a cleaner offers, stored and shown."""

    price: Money = Field(sa_type=Numeric(10, 2), schema_extra={"examples": ["45.00"]})
    message: LongText | None = Field(
        default=None, schema_extra={"examples": ["I bring my own tools."]}
    )


class Offer(OfferBase, Hideable, table=True):
    """One cleaner's offer for one job; there is never a second one."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("cleaning_id", "cleaner_id"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("terms_revision > 0", name="terms_revision"),
        Index(
            "uq_offers_accepted",
            "cleaning_id",
            unique=True,
            postgresql_where=text("status = 'accepted'"),
        ),
        Index("ix_offers_cleaner_id", "cleaner_id", "id"),  # the offers of one cleaner
    )

    cleaning_id: UUID = Field(primary_key=True, foreign_key="cleanings.id")
    id: UUID = id_field()
    cleaner_id: UUID = Field(foreign_key="users.id")
    currency: str = Field(max_length=3)
    status: OfferStatus = Field(default=OfferStatus.PENDING, sa_type=choice(OfferStatus, "status"))
    terms_revision: int

    @classmethod
    def on(cls, cleaning: Cleaning, cleaner_id: UUID, draft: "OfferCreate") -> "Offer":
        """A cleaner's offer for a job.

        Raises:
            CleaningExpired: The start of the job has passed.
            CleaningNotOpen: The job is booked or has ended.
            CurrencyNotSupported: New prices can't be in the currency of the job.
            PriceNotWhole: Prices in the currency of the job are whole.
        """
        cleaning.demand_open("offered on")
        if draft.price is not None:
            demand_price(draft.price, cleaning.currency)
        return cls(
            cleaning_id=cleaning.id,
            cleaner_id=cleaner_id,
            price=cleaning.price if draft.price is None else draft.price,
            currency=cleaning.currency,
            message=draft.message,
            terms_revision=cleaning.terms_revision,
        )

    def outdated(self, cleaning: Cleaning) -> bool:
        """Says whether the job's terms have changed since the offer spoke of them."""
        return self.terms_revision < cleaning.terms_revision

    def revise(self, changes: "OfferUpdate") -> bool:
        """Takes over what differs, and says whether anything did.

        Raises:
            OfferNotPending: It is no longer up for decision.
            CurrencyNotSupported: The price changes, and new prices can't be in its currency.
            PriceNotWhole: The price changes, and prices in its currency are whole.
        """
        self._demand_pending("revised")
        differing = self.differing(changes.model_dump(exclude_unset=True))
        if "price" in differing:
            demand_price(differing["price"], self.currency)
        return self.take_over(differing)

    def accept(self, cleaning: Cleaning) -> None:
        """The owner takes it.

        Raises:
            OfferNotPending: It is no longer up for decision.
            OfferOutdated: The job has changed since.
        """
        self._demand_pending("accepted")
        if self.outdated(cleaning):
            raise OfferOutdated
        self._move(OfferStatus.ACCEPTED)

    def reject(self, cleaning: Cleaning) -> None:
        """The owner declines it, for the terms as they are now.

        Raises:
            OfferNotPending: It is no longer up for decision.
        """
        self._demand_pending("rejected")
        self.terms_revision = cleaning.terms_revision
        self._move(OfferStatus.REJECTED)

    def withdraw(self) -> None:
        """The cleaner takes it back.

        Raises:
            OfferNotPending: It is no longer up for decision.
        """
        self._demand_pending("withdrawn")
        self._move(OfferStatus.WITHDRAWN)

    def renew(self, cleaning: Cleaning, renewal: "OfferRenewal") -> None:
        """The cleaner stands by it again, for the terms as they are now.

        Raises:
            OfferNotRenewable: It is accepted; or the terms that it speaks of have not changed,
                and it is pending still, or was rejected at a price that is not lowered.
            Invalid: The currency of the job has changed, and no price is given.
            CurrencyNotSupported: New prices can't be in the currency of the job.
            PriceNotWhole: Prices in the currency of the job are whole.
        """
        self._demand_renewable(cleaning, renewal)
        if renewal.price is not None:
            if (renewal.price, cleaning.currency) != (self.price, self.currency):
                demand_price(renewal.price, cleaning.currency)
            self.price = renewal.price
        elif self.currency != cleaning.currency:
            raise Invalid(f"The job is now paid in {cleaning.currency}.", field="price")
        if "message" in renewal.model_fields_set:
            self.message = renewal.message
        self.currency = cleaning.currency
        self.terms_revision = cleaning.terms_revision
        self._move(OfferStatus.PENDING)

    def end_booking(self, status: OfferStatus) -> None:
        """The booking that it led to came to nothing.

        Args:
            status: WITHDRAWN if the cleaner called it off, else SUPERSEDED.

        Raises:
            OfferNotAccepted: It led to none.
        """
        OfferNotAccepted.unless(self.status, [OfferStatus.ACCEPTED], "given up")
        self._move(status)

    def _demand_renewable(self, cleaning: Cleaning, renewal: "OfferRenewal") -> None:
        if self.outdated(cleaning) and self.status is not OfferStatus.ACCEPTED:
            return
        if self.status is OfferStatus.PENDING:
            raise OfferNotRenewable(
                "The offer is pending for the present terms of the job. Revise it to change it.",
                state=self.status,
            )
        if self.status is OfferStatus.REJECTED:
            if renewal.price is not None and renewal.price < self.price:
                return
            raise OfferNotRenewable(
                "The offer was rejected. Renew it with a lower price, or when the job has changed.",
                state=self.status,
            )
        ended = [OfferStatus.SUPERSEDED, OfferStatus.WITHDRAWN]
        OfferNotRenewable.unless(self.status, ended, "renewed")

    def _demand_pending(self, move: str) -> None:
        OfferNotPending.unless(self.status, [OfferStatus.PENDING], move)

    def _move(self, status: OfferStatus) -> None:
        self.status = status
        self.touch()


class OfferCreate(Input):
    """A new offer; without a price, it is for the price of the job."""

    price: Money | None = Field(default=None, schema_extra={"examples": ["45.00"]})
    message: LongText | None = Field(
        default=None, schema_extra={"examples": ["I bring my own tools."]}
    )


class OfferUpdate(Input):
    """Changes of a pending offer."""

    price: Money = omittable(schema_extra={"examples": ["44.00"]})
    message: LongText | None = None


class OfferRenewal(Input):
    """What changes as an offer is renewed; what is left out stays as before."""

    price: Money = omittable(schema_extra={"examples": ["44.00"]})
    message: LongText | None = None


class OfferBooking(SQLModel):
    """The scheduled or completed booking of an accepted offer."""

    id: UUID
    status: Literal["scheduled", "completed"]
    owner_evaluated: bool = Field(description="Whether the owner has evaluated the cleaner")
    cleaner_evaluated: bool = Field(description="Whether the cleaner has evaluated the owner")


class OfferPublic(OfferBase):
    """An offer as its two sides see it."""

    id: UUID
    cleaning_id: UUID
    currency: str
    status: OfferStatus
    outdated: bool = Field(description="Whether the job has changed since")
    hidden: bool = Field(description="Whether staff has hidden it from the owner of the job")
    cleaning: CleaningSummary | None = Field(description="Null if the caller can't see the job")
    booking: OfferBooking | None = Field(description="Null unless the offer is accepted")
    cleaner: ProfileRated
    created_at: Moment
    updated_at: Moment


class OfferCounts(SQLModel):
    """How many offers for a job are in which state."""

    pending: int
    accepted: int
    rejected: int
    withdrawn: int
    superseded: int


class CleaningDetail(CleaningPublic):
    """A job as the caller may see it, with what they may know of its offers."""

    my_offer: OfferPublic | None = Field(description="The caller's own offer")
    offer_counts: OfferCounts | None = Field(description="Shown to the owner only")
    hidden: bool = Field(description="Whether staff has hidden it from all but its two sides")


class OfferFilters(PageParameters):
    """Which offers are wanted: of one's own, or of those for a job."""

    status: OfferStatus | None = None
