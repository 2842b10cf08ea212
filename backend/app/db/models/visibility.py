"""Conditions on rows that decide who sees them, for readers of requests and of the stream."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import aliased

from app.db.models.bookings import Booking
from app.db.models.states.bookings import BookingStatus
from app.db.models.states.packages import PackageStatus
from app.postgres.statements import col, inline


def booked_cleaner(cleaning: Any) -> ColumnElement[Any]:
    """The cleaner of the scheduled booking of a job; null if there is none.

    Args:
        cleaning: The table class of the jobs, or columns of them.
    """
    booking = aliased(Booking)
    # An EXISTS would be answered by reading all the bookings that a cleaner ever had.
    return (
        select(col(booking.cleaner_id))
        .where(
            col(booking.cleaning_id) == cleaning.id,
            col(booking.status) == inline(BookingStatus.SCHEDULED),
        )
        .correlate_except(booking)
        .scalar_subquery()
    )


def is_offered(package: Any) -> ColumnElement[bool]:
    """Whether a package is published and not hidden, as far as its own row says.

    Args:
        package: The table class of the packages, or columns of them.
    """
    published = col(package.status) == inline(PackageStatus.PUBLISHED)
    return and_(published, col(package.hidden_at).is_(None))
