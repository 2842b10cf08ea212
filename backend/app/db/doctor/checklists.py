"""Checks of the checklists of bookings."""

from typing import Any

from sqlalchemy import Integer, distinct, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from app.db.doctor.check import Check
from app.db.doctor.log import actors, differing
from app.db.models.bookings import Booking
from app.db.models.events import Event
from app.db.models.kinds.bookings import BookingEvent
from app.postgres.statements import col

TICKS = (BookingEvent.TICKED, BookingEvent.UNTICKED)
ITEM = (
    func.jsonb_array_elements(col(Booking.checklist))
    .table_valued("value", with_ordinality="place", name="item")
    .render_derived()
)
NUMBER = ITEM.c.value.op("->>")("number").cast(Integer)
IS_DONE = ITEM.c.value.op("->>")("done_at").is_not(None)


def _wrong() -> Any:
    """Bookings whose items are not numbered in their order, have the same code or no category."""
    category: Any = col(Booking.terms)
    return (
        select(col(Booking.id))
        .join(ITEM, true())
        .group_by(col(Booking.cleaning_id), col(Booking.id))
        .having(
            or_(
                func.bool_or(NUMBER.is_distinct_from(ITEM.c.place)),
                func.count(distinct(ITEM.c.value.op("->>")("code"))) < func.count(),
                func.bool_or(category["category"].astext.is_(None)),
            )
        )
    )


def _ticked() -> Any:
    """The items whose last event says that they are done."""
    payload: Any = col(Event.payload)
    number = payload["number"].astext.cast(Integer)
    last = (
        select(col(Event.subject_id), number.label("number"), col(Event.kind))
        .where(col(Event.subject) == TICKS[0].subject, col(Event.kind).in_(TICKS))
        .ext(distinct_on(col(Event.subject_id), number))
        .order_by(
            *(col(Event.subject_id), number),
            *(col(Event.created_at).desc(), col(Event.id).desc()),
        )
        .subquery()
    )
    return select(last.c.subject_id, last.c.number).where(last.c.kind == TICKS[0])


CHECKS = (
    Check(
        "checklists_copied",
        "The items of the checklist of a booking are numbered in their order and differ, "
        "and come from the category in its terms.",
        _wrong(),
    ),
    Check(
        "events_of_checklists",
        "An item of a checklist is done exactly if the last event of it is a tick.",
        differing(_ticked(), select(col(Booking.id), NUMBER).join(ITEM, true()).where(IS_DONE)),
    ),
    actors(
        "checklists_actors",
        "Checklists are ticked off by the cleaners of the bookings.",
        dict.fromkeys(TICKS, col(Booking.cleaner_id)),
        Booking,
    ),
)
