"""Checks of evaluations and ratings."""

from typing import Any

from sqlalchemy import Integer, Numeric, and_, case, cast, except_, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import array

from app.db.doctor.check import Check
from app.db.doctor.log import differing, happened, told
from app.db.models.bookings import Booking, Role
from app.db.models.evaluations import STARS, Evaluation, Rating
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.states.bookings import BookingStatus
from app.postgres.statements import col

FINISHED = (BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
OF_CLEANER = col(Evaluation.role) == Role.CLEANER
IS_SHOWN = col(Evaluation.hidden_at).is_(None)
EXACT = 9  # decimal places of an average, which is stored as a float


def _evaluations(condition: Any) -> Any:
    of_booking = and_(
        col(Booking.cleaning_id) == Evaluation.cleaning_id,
        col(Booking.id) == Evaluation.booking_id,
    )
    return select(col(Evaluation.id)).join(Booking, of_booking).where(condition)


def _by_others() -> Any:
    author = case((OF_CLEANER, col(Booking.owner_id)), else_=col(Booking.cleaner_id))
    subject = case((OF_CLEANER, col(Booking.cleaner_id)), else_=col(Booking.owner_id))
    return _evaluations(
        or_(col(Evaluation.author_id) != author, col(Evaluation.subject_id) != subject)
    )


def _said_twice() -> Any:
    return (
        select(col(Evaluation.booking_id))
        .group_by(
            col(Evaluation.cleaning_id), col(Evaluation.booking_id), col(Evaluation.author_id)
        )
        .having(func.count() > 1)
    )


def _miscounted() -> Any:
    """Differences between the stored ratings and a count."""

    def how_often(condition: Any) -> Any:
        return cast(func.count().filter(IS_SHOWN, condition), Integer)

    def exact(average: Any) -> Any:
        return func.round(cast(average, Numeric), EXACT)

    kept = select(
        *(col(Rating.user_id), col(Rating.role), col(Rating.total), col(Rating.no_shows)),
        exact(col(Rating.average)),
        *(col(getattr(Rating, name)) for name in STARS),
    )
    counted = select(
        *(col(Evaluation.subject_id), col(Evaluation.role)),
        *(how_often(condition) for condition in (True, col(Evaluation.no_show))),
        exact(func.avg(col(Evaluation.overall_rating)).filter(IS_SHOWN)),
        *(
            array([how_often(col(getattr(Evaluation, name)) == stars) for stars in range(1, 6)])
            for name in STARS
        ),
    ).group_by(col(Evaluation.subject_id), col(Evaluation.role))
    # EXCEPT treats nulls as equal, as needed for averages.
    differing = union_all(except_(kept, counted), except_(counted, kept)).subquery()
    return select(differing.c.user_id).distinct()


CHECKS = (
    Check(
        "evaluations_finished",
        "Only completed bookings and no-shows are evaluated.",
        _evaluations(col(Booking.status).not_in(FINISHED)),
    ),
    Check(
        "evaluations_sides",
        "The author and the subject of an evaluation are the two sides of the booking.",
        _by_others(),
    ),
    Check("evaluations_once", "Each side evaluates a booking at most once.", _said_twice()),
    Check(
        "evaluations_no_show",
        "An evaluation is of a no-show exactly if its booking is one.",
        _evaluations(
            col(Evaluation.no_show)
            != and_(OF_CLEANER, col(Booking.status) == BookingStatus.NO_SHOW)
        ),
    ),
    Check(
        "ratings_counted",
        "A rating is the total of all visible evaluations.",
        _miscounted(),
    ),
    Check(
        "events_of_evaluations",
        "Each evaluation has one event of its creation, and the reverse.",
        differing(
            told(EvaluationEvent.CREATED),
            happened(
                Evaluation,
                EvaluationEvent.CREATED,
                Evaluation.cleaning_id,
                Evaluation.author_id,
            ),
        ),
    ),
)
