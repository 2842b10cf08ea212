"""Visibility: the columns of objects shown to the caller."""

from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.db.models.bookings import Booking, Role
from app.db.models.cleaning_shapes import CleaningPublic, CleaningSummary
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation
from app.db.models.offers import Offer
from app.db.models.states.bookings import BookingStatus
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.terms import complete
from app.db.models.users import User
from app.db.models.visibility import booked_cleaner
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.person_views import Person
from app.db.repositories.photo_views import first_photo
from app.postgres.statements import Rows, col, inline


def shown_terms(terms: ColumnElement[Any], entrusted: ColumnElement[bool]) -> ColumnElement[Any]:
    """Terms as JSON; the street address is null for callers without access to it."""
    whole = complete(terms)
    return case((entrusted, whole), else_=whole.op("||")(literal_column("""'{"address": null}'""")))


def is_in_time(cleaning: Any) -> ColumnElement[bool]:
    """Whether a job is not open beyond its start, which the worker has yet to note.

    Args:
        cleaning: The table class of the jobs, or columns of them.
    """
    starts_at = col(cleaning.starts_at)
    return or_(
        col(cleaning.status) != inline(CleaningStatus.OPEN),
        # In these terms, the planner knows that this holds of nearly all.
        starts_at.is_(None),
        starts_at > func.now(),
    )


def shown_status(cleaning: Any) -> ColumnElement[Any]:
    """The state of a job, by the present time."""
    return case((is_in_time(cleaning), col(cleaning.status)), else_=inline(CleaningStatus.EXPIRED))


def entrusted(cleaning: Any) -> ColumnElement[bool]:
    """Whether the caller is the owner of a job or its booked cleaner.

    Args:
        cleaning: The table class of the jobs, or columns of them.
    """
    return or_(
        col(cleaning.owner_id) == CALLER_ID,
        # Only a booked job has a live booking; asking for that first spares the subquery.
        and_(
            col(cleaning.status) == inline(CleaningStatus.BOOKED),
            booked_cleaner(cleaning) == CALLER_ID,
        ),
    )


def is_shared(cleaning: Any) -> ColumnElement[bool]:
    """Whether a job was posted, or comes from an order in which the caller has a part.

    Args:
        cleaning: The table class of the jobs, or columns of them.
    """
    offer = aliased(Offer)
    # A job that comes from an order has one offer, that of its cleaner.
    cleaner_id = (
        select(col(offer.cleaner_id))
        .where(col(offer.cleaning_id) == cleaning.id)
        .limit(inline(1))
        .correlate_except(offer)
        .scalar_subquery()
    )
    has_part = or_(col(cleaning.owner_id) == CALLER_ID, cleaner_id == CALLER_ID)
    return case((col(cleaning.ordered), has_part), else_=true())


def order_of(cleaning: Any) -> ColumnElement[Any]:
    """The id of the order that a job comes from, which is that of the job; null if it was posted.

    Args:
        cleaning: The table class of the jobs, or columns of them.
    """
    return case((col(cleaning.ordered), col(cleaning.id)))


def is_live(booking: Any) -> ColumnElement[bool]:
    """Whether a booking is scheduled or completed: there is one at the most for a job."""
    states = [inline(BookingStatus.SCHEDULED), inline(BookingStatus.COMPLETED)]
    return col(booking.status).in_(states)


def visible_summary(cleaning: Any) -> ColumnElement[Any]:
    """The job of an offer or a booking as JSON, where it is certain that the caller may see it.

    Args:
        cleaning: The table class of the jobs, or columns of them.
    """
    return json_object(CleaningSummary, cleaning, status=shown_status(cleaning))


def cleaning_summary(cleaning: Any) -> ColumnElement[Any]:
    """The job of an offer or a booking as JSON; null if the caller may not see the job.

    Args:
        cleaning: The table class of the jobs, or columns of undeleted ones.
    """
    owner = aliased(User)
    blocked_at = (
        select(col(owner.blocked_at))
        .where(col(owner.id) == cleaning.owner_id)
        .correlate_except(owner)
        .scalar_subquery()
    )
    is_visible = and_(
        blocked_at.is_(None), or_(col(cleaning.hidden_at).is_(None), entrusted(cleaning))
    )
    return case((is_visible, visible_summary(cleaning)))


def evaluations_given(booking: Any) -> dict[str, ColumnElement[bool]]:
    """Whether each side of a booking has evaluated the other, by the names of the fields.

    Args:
        booking: The table class of the bookings, or an alias of it.
    """
    states = [inline(BookingStatus.COMPLETED), inline(BookingStatus.NO_SHOW)]
    finished = col(booking.status).in_(states)

    def evaluated(role: Role) -> ColumnElement[bool]:
        # An EXISTS might be answered by reading all evaluations.
        given = (
            select(col(Evaluation.id))
            .where(
                col(Evaluation.cleaning_id) == booking.cleaning_id,
                col(Evaluation.booking_id) == booking.id,
                col(Evaluation.role) == inline(role),
            )
            .correlate_except(Evaluation)
            .scalar_subquery()
        )
        return case((finished, given.is_not(None)), else_=false())

    return {
        "owner_evaluated": evaluated(Role.CLEANER),
        "cleaner_evaluated": evaluated(Role.OWNER),
    }


class CleaningView:
    """A job, to be shown with its owner.

    Args:
        cleaning: The table class of the jobs, or an alias of it.
    """

    def __init__(self, cleaning: Any = Cleaning) -> None:
        self._cleaning = cleaning
        self.owner = Person(col(cleaning.owner_id), Role.OWNER)

    @property
    def listed(self) -> ColumnElement[bool]:
        """Whether the job is among those that are shown to everyone."""
        return and_(
            self._exists,
            col(self._cleaning.hidden_at).is_(None),
            col(self._cleaning.ordered).is_(False),
        )

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whether the caller may know of the job.

        Of one that is hidden or comes from an order, only its two sides do.
        """
        return and_(
            self._exists,
            is_shared(self._cleaning),
            or_(col(self._cleaning.hidden_at).is_(None), entrusted(self._cleaning)),
        )

    @property
    def _exists(self) -> ColumnElement[bool]:
        return and_(
            col(self._cleaning.deleted_at).is_(None), col(self.owner.user.blocked_at).is_(None)
        )

    @property
    def _booking_id(self) -> ColumnElement[Any]:
        """The scheduled or completed booking, if the caller has a part in it."""
        cleaning, booking = self._cleaning, aliased(Booking)
        booking_id = (
            select(col(booking.id))
            .where(
                col(booking.cleaning_id) == cleaning.id,
                is_live(booking),
                or_(col(booking.owner_id) == CALLER_ID, col(booking.cleaner_id) == CALLER_ID),
            )
            .correlate_except(booking)
            .scalar_subquery()
        )
        # Open jobs have none; asking for the state first spares the subquery.
        states = [inline(CleaningStatus.BOOKED), inline(CleaningStatus.COMPLETED)]
        return case((col(cleaning.status).in_(states), booking_id))

    def json(
        self, shape: type[BaseModel] = CleaningPublic, **given: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """The job as JSON."""
        cleaning = self._cleaning
        offer_count = (
            select(func.count())
            .where(
                col(Offer.cleaning_id) == cleaning.id,
                col(Offer.status).in_([inline(OfferStatus.PENDING), inline(OfferStatus.ACCEPTED)]),
                col(Offer.hidden_at).is_(None),
            )
            .scalar_subquery()
        )
        return json_object(
            shape,
            cleaning,
            status=shown_status(cleaning),
            address=case((entrusted(cleaning), col(cleaning.address))),
            booking_id=self._booking_id,
            photo=first_photo(cleaning),
            owner=self.owner.json,
            offer_count=offer_count,
            **given,
        )


def visible_cleaning(cleaning_id: ColumnElement[Any]) -> Rows:
    """Selects the id of a job, if the caller may know of it."""
    view = CleaningView()
    owner = view.owner.user
    return (
        select(col(Cleaning.id))
        .join(owner, col(owner.id) == Cleaning.owner_id)
        .where(col(Cleaning.id) == cleaning_id, view.visible)
    )
