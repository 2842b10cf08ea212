"""Export, erasure and expiry of bookings."""

from typing import Any

from sqlalchemy import ColumnElement, and_, join, literal_column, null, or_, select
from sqlalchemy.orm import aliased

from app.db.models.bookings import Booking, Role
from app.db.models.evaluations import Evaluation
from app.db.models.privacy.bookings import BookingExport
from app.db.models.privacy.evaluations import EvaluationExport
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.db.repositories.views import shown_terms
from app.postgres.statements import col, inline

NO_WORDS: Any = literal_column("""'{"description": null, "area": null, "address": null}'""")


def evaluation(*found: ColumnElement[bool]) -> ColumnElement[Any]:
    """An evaluation of a booking, as JSON."""
    return (
        select(json_object(EvaluationExport, Evaluation))
        .where(
            col(Evaluation.cleaning_id) == Booking.cleaning_id,
            col(Evaluation.booking_id) == Booking.id,
            *found,
        )
        .scalar_subquery()
    )


def bookings(own_id: Any, role: Role, other_id: Any, other_role: Role) -> Part:
    """The bookings in which the caller has a role."""
    other, own = aliased(User), col(own_id) == CALLER_ID
    received = (col(Evaluation.role) == inline(role), col(Evaluation.hidden_at).is_(None))
    item = json_object(
        BookingExport,
        Booking,
        role=inline(role),
        other_side=col(other.username),
        terms=shown_terms(col(Booking.terms), col(Booking.owner_id) == CALLER_ID),
        evaluation_given=evaluation(col(Evaluation.role) == inline(other_role)),
        evaluation_received=evaluation(*received),
    )
    return Part(join(Booking, other, col(other.id) == other_id), item, col(Booking.id), own)


def cancelled_by(role: Role, person: Any) -> Any:
    """The bookings that the deleted account has cancelled in a role."""
    return and_(col(person) == USER_ID, col(Booking.cancelled_by) == inline(role))


SIDES = (
    bookings(Booking.owner_id, Role.OWNER, Booking.cleaner_id, Role.CLEANER),
    bookings(Booking.cleaner_id, Role.CLEANER, Booking.owner_id, Role.OWNER),
)
CANCELLED = or_(
    cancelled_by(Role.OWNER, Booking.owner_id), cancelled_by(Role.CLEANER, Booking.cleaner_id)
)

PRIVACY = Privacy(
    export=(Section("bookings", BookingExport, SIDES),),
    erase=(
        changing(
            Booking, col(Booking.owner_id) == USER_ID, terms=col(Booking.terms).op("||")(NO_WORDS)
        ),
        changing(
            Booking,
            and_(CANCELLED, col(Booking.cancellation_reason).is_not(None)),
            cancellation_reason=null(),
        ),
    ),
)
