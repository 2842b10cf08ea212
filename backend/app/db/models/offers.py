"""Offers of cleaners for jobs."""

from typing import Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.db.models.cleaning_shapes import CleaningPublic, CleaningSummary
from app.db.models.cleanings import Cleaning
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
from app.db.models.photos import Photo
from app.db.models.prices import demand_price
from app.db.models.profiles import ProfileRated
from app.db.models.states.cleanings import CleaningMove
from app.db.models.states.moves import Stateful
from app.db.models.states.offers import (
    OfferMove,
    OfferNotRenewable,
    OfferStatus,
)
from app.db.models.versioned import Tagged


class OfferNotFound(NotFound):
    code = "offer_not_found"
    detail = "Offer not found."


class NotOfferer(Forbidden):
    code = "not_offerer"
    detail = "Only the cleaner who made the offer may do this."


class OwnCleaning(Conflict):
    code = "own_cleaning"
    detail = "You can't make an offer for your own job."


class DuplicateOffer(Conflict):
    code = "duplicate_offer"
    detail = (
        "You have already made an offer for this job. Revise it while it is pending, or renew it."
    )


class OfferOutdated(Conflict):
    code = "offer_outdated"
    detail = "The job has changed since this offer was made. The cleaner must renew it first."


class OffererBlocked(Conflict):
    code = "offerer_blocked"
    detail = "The cleaner's account is blocked."


class OfferBase(SQLModel):
    """The fields of an offer that are both stored and shown."""

    price: Money = Field(sa_type=Numeric(10, 2), schema_extra={"examples": ["45.00"]})
    message: LongText | None = Field(
        default=None, schema_extra={"examples": ["I bring my own tools."]}
    )


class Offer(OfferBase, Hideable, Stateful, table=True):
    """A cleaner's only offer for a job."""

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
        """Returns a new offer of a cleaner for a job.

        Raises:
            CleaningExpired: The start of the job has passed.
            CleaningNotOpen: The job is booked or has ended.
            CurrencyNotSupported: New prices can't be in the currency of the job.
            PriceNotWhole: Prices in the currency of the job are whole.
        """
        cleaning.demand_open(CleaningMove.OFFER)
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
        """Whether the terms of the job have changed since the offer was made or renewed."""
        return self.terms_revision < cleaning.terms_revision

    def revise(self, changes: "OfferUpdate") -> bool:
        """Applies changes.

        Returns:
            Whether anything has changed.

        Raises:
            OfferNotPending: It is not pending.
            CurrencyNotSupported: The price changes, and new prices can't be in its currency.
            PriceNotWhole: The price changes, and prices in its currency are whole.
        """
        self.demand(OfferMove.REVISE)
        differing = self.differing(changes.model_dump(exclude_unset=True))
        if "price" in differing:
            demand_price(differing["price"], self.currency)
        return self.take_over(differing)

    def accept(self, cleaning: Cleaning) -> None:
        """Accepts the offer.

        Raises:
            OfferNotPending: It is not pending.
            OfferOutdated: The job has changed since it was made or renewed.
        """
        self.demand(OfferMove.ACCEPT)
        if self.outdated(cleaning):
            raise OfferOutdated
        self.move(OfferMove.ACCEPT)

    def reject(self, cleaning: Cleaning) -> None:
        """Rejects the offer for the present terms of the job.

        Raises:
            OfferNotPending: It is not pending.
        """
        self.move(OfferMove.REJECT)
        self.terms_revision = cleaning.terms_revision

    def withdraw(self) -> None:
        """Withdraws the offer.

        Raises:
            OfferNotPending: It is not pending.
        """
        self.move(OfferMove.WITHDRAW)

    def renew(self, cleaning: Cleaning, renewal: "OfferRenewal") -> None:
        """Makes the offer pending again, for the present terms of the job.

        Raises:
            OfferNotRenewable: It is accepted; or the terms of the job have not changed since, and
                it is pending, or was rejected and the renewal does not lower the price.
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
            raise Invalid(
                "The job is now paid in {currency}.", field="price", currency=cleaning.currency
            )
        if "message" in renewal.model_fields_set:
            self.message = renewal.message
        self.currency = cleaning.currency
        self.terms_revision = cleaning.terms_revision
        self.status = OfferStatus.PENDING
        self.touch()

    def end_booking(self, status: OfferStatus) -> None:
        """Ends an accepted offer, whose booking was cancelled or missed.

        Args:
            status: WITHDRAWN if the cleaner cancelled the booking, else SUPERSEDED.

        Raises:
            OfferNotAccepted: It is not accepted.
        """
        given_up = status is OfferStatus.WITHDRAWN
        self.move(OfferMove.GIVE_UP if given_up else OfferMove.LOSE)

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
        self.demand(OfferMove.RENEW)


class OfferCreate(Input):
    """A new offer; the price is that of the job unless another is given."""

    price: Money | None = Field(default=None, schema_extra={"examples": ["45.00"]})
    message: LongText | None = Field(
        default=None, schema_extra={"examples": ["I bring my own tools."]}
    )


class OfferUpdate(Input):
    """Changes of a pending offer."""

    price: Money = omittable(schema_extra={"examples": ["44.00"]})
    message: LongText | None = None


class OfferRenewal(OfferUpdate):
    """Changes of an offer with its renewal; omitted fields keep their values."""


class OfferBooking(SQLModel):
    """The scheduled or completed booking of an accepted offer."""

    id: UUID
    status: Literal["scheduled", "completed"]
    owner_evaluated: bool = Field(description="Whether the owner has evaluated the cleaner")
    cleaner_evaluated: bool = Field(description="Whether the cleaner has evaluated the owner")


class OfferPublic(OfferBase, Tagged):
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
    """The number of offers for a job by state."""

    pending: int
    accepted: int
    rejected: int
    withdrawn: int
    superseded: int


class CleaningDetail(CleaningPublic, Tagged):
    """A job as the caller may see it, with its offers as far as the caller may see them."""

    my_offer: OfferPublic | None = Field(description="The caller's own offer")
    offer_counts: OfferCounts | None = Field(description="Shown to the owner only")
    photos: list[Photo] = Field(description="Its photos, at most eight; none while it is hidden")
    hidden: bool = Field(description="Whether staff has hidden it from all but its two sides")
    order_id: UUID | None = Field(description="The order that it comes from; null if it was posted")
    revision: int = Field(description="The revision of its terms, from 1 on")


class OfferFilters(PageParameters):
    """Filters of lists of offers."""

    status: OfferStatus | None = None
