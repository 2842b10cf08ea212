"""Bookings as visible to the caller."""

from typing import Any

from sqlalchemy import ColumnElement, join, or_

from app.db.models.booking_shapes import BookingPublic
from app.db.models.bookings import Booking, Role
from app.db.models.cleanings import Cleaning
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.person_views import Person
from app.db.repositories.views import (
    cleaning_summary,
    evaluations_given,
    is_live,
    order_of,
    shown_terms,
)
from app.postgres.statements import col

SIDES = {Role.OWNER: col(Booking.owner_id), Role.CLEANER: col(Booking.cleaner_id)}
"""The columns of the accounts on each side."""


def booking_view(booking: Any) -> tuple[Any, ColumnElement[Any]]:
    """What to select bookings from, and one booking as JSON."""
    owner, cleaner = Person(col(booking.owner_id)), Person(col(booking.cleaner_id))
    entrusted = or_(col(booking.owner_id) == CALLER_ID, is_live(booking))
    item = json_object(
        BookingPublic,
        booking,
        terms=shown_terms(col(booking.terms), entrusted),
        cleaning=cleaning_summary(Cleaning),
        order_id=order_of(Cleaning),
        owner=owner.json,
        cleaner=cleaner.json,
        **evaluations_given(booking),
    )
    of_cleaning = join(booking, Cleaning, col(Cleaning.id) == booking.cleaning_id)
    return cleaner.joined(owner.joined(of_cleaning)), item
