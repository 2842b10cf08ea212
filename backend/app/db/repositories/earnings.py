"""Earnings: the completed bookings of a cleaner, with their sums by month and currency."""

from datetime import datetime
from functools import cache

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import aliased

from app.core.security.tokens import Bearer
from app.db.models.booking_shapes import EarnedMonth
from app.db.models.bookings import Booking
from app.db.models.states.bookings import BookingStatus
from app.db.repositories.base import CALLER_ID, MOMENT, json_array, json_object
from app.db.repositories.booking_views import booking_view
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.postgres.statements import Rows, Source, argument, col, inline

EARNED = (
    col(Booking.cleaner_id) == CALLER_ID,
    col(Booking.status) == inline(BookingStatus.COMPLETED),
)


def _sums() -> Rows:
    """The sums as one JSON array."""
    ended_at = func.timezone(argument("zone", Text()), col(Booking.ended_at))
    months = (
        select(
            func.to_char(ended_at, inline("YYYY-MM")).label("month"),
            col(Booking.currency),
            col(Booking.price),
        )
        .where(*EARNED, col(Booking.ended_at) >= MOMENT)
        .subquery()
    )
    sums = (
        select(
            months.c.month,
            months.c.currency,
            func.count().label("bookings"),
            func.sum(months.c.price).label("total"),
        )
        .group_by(months.c.month, months.c.currency)
        .subquery()
    )
    item = json_object(EarnedMonth, sums.c)
    return select(cast(json_array(item), Text))


@cache
def _earnings(shape: PageShape) -> PageQuery:
    chosen = part(select(Booking).where(*EARNED), [col(Booking.id)], shape, by_index=True)
    booking = aliased(Booking, chosen.subquery())
    source, item = booking_view(booking)
    return PageQuery(
        select().select_from(source),
        item=item,
        keys=[col(booking.id)],
        shape=shape,
        within=_sums(),
    )


class EarningsReader:
    """Reads of earnings."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def page(self, caller: Bearer, since: datetime, zone: str, request: PageRequest) -> Page:
        """The completed bookings of the caller as a cleaner, the newest first.

        The parent of the page is a JSON array of `EarnedMonth`, in any order.

        Args:
            caller: The caller.
            since: The beginning of the first month that is summed up.
            zone: The time zone of the months.
            request: The requested page.
        """
        query = _earnings(request.shape)
        return await query.page(self._source, caller, request, moment=since, zone=zone)
