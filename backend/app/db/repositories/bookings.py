"""The queries of bookings."""

from functools import cache
from uuid import UUID

from sqlalchemy import Text, or_, select, union_all
from sqlalchemy.orm import aliased

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.booking_shapes import BookingFilters
from app.db.models.bookings import Booking, BookingNotFound, Role
from app.db.models.cleanings import CleaningNotFound
from app.db.models.states.bookings import BookingStatus
from app.db.repositories.base import (
    BOOKING_ID,
    CALLER_ID,
    CLEANING_ID,
    USER_ID,
    Item,
    ItemQuery,
)
from app.db.repositories.booking_views import SIDES, booking_view
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.db.repositories.views import visible_cleaning
from app.postgres.statements import Source, Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

SCHEDULED = col(Booking.status) == BookingStatus.SCHEDULED


class BookingRepository:
    """The bookings, in a unit of work. Who changes one holds the lock of its job."""

    _one = RowQuery(
        select(Booking).where(
            col(Booking.cleaning_id) == CLEANING_ID, col(Booking.id) == BOOKING_ID
        )
    )
    _live = RowQuery(select(Booking).where(col(Booking.cleaning_id) == CLEANING_ID, SCHEDULED))
    _ever = Statement(
        select(select(Booking).where(col(Booking.cleaning_id) == CLEANING_ID).exists())
    )
    _live_for = Statement(
        select(
            select(Booking)
            .where(
                or_(col(Booking.owner_id) == USER_ID, col(Booking.cleaner_id) == USER_ID), SCHEDULED
            )
            .exists()
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, booking: Booking) -> None:
        """Adds a new booking."""
        self._transaction.add(booking)

    async def get(self, cleaning_id: UUID, booking_id: UUID) -> Booking:
        """A booking.

        Raises:
            BookingNotFound: The job has no such booking.
        """
        booking = await self._transaction.one(
            self._one, cleaning_id=cleaning_id, booking_id=booking_id
        )
        if booking is None:
            raise BookingNotFound
        return booking

    async def live(self, cleaning_id: UUID) -> Booking | None:
        """The scheduled booking of a job."""
        return await self._transaction.one(self._live, cleaning_id=cleaning_id)

    async def exist_for(self, cleaning_id: UUID) -> bool:
        """Whether a job was ever booked."""
        rows = await self._ever.fetch(self._transaction, cleaning_id=cleaning_id)
        return bool(rows[0][0])

    async def live_for(self, user_id: UUID) -> bool:
        """Whether a user is on either side of a scheduled booking."""
        rows = await self._live_for.fetch(self._transaction, user_id=user_id)
        return bool(rows[0][0])


def _one() -> ItemQuery:
    source, item = booking_view(Booking)
    return ItemQuery(
        select()
        .select_from(source)
        .where(
            col(Booking.cleaning_id) == CLEANING_ID,
            col(Booking.id) == BOOKING_ID,
            or_(col(Booking.owner_id) == CALLER_ID, col(Booking.cleaner_id) == CALLER_ID),
        ),
        item=item,
        version=col(Booking.version),
        missing=BookingNotFound,
    )


@cache
def _of_cleaning(shape: PageShape) -> PageQuery:
    source, item = booking_view(Booking)
    return PageQuery(
        select()
        .select_from(source)
        .where(
            col(Booking.cleaning_id) == CLEANING_ID,
            or_(col(Booking.owner_id) == CALLER_ID, col(Booking.cleaner_id) == CALLER_ID),
        ),
        item=item,
        keys=[col(Booking.id)],
        shape=shape,
        within=visible_cleaning(CLEANING_ID),
        missing=CleaningNotFound,
    )


@cache
def _own(shape: PageShape, roles: tuple[Role, ...], *, by_status: bool) -> PageQuery:
    # Each side is read in the order of an index of its own; the two are then merged.
    sides = []
    for role in roles:
        side = select(Booking).where(SIDES[role] == CALLER_ID)
        if by_status:
            side = side.where(col(Booking.status) == argument("status", Text()))
        sides.append(part(side, [col(Booking.id)], shape, by_index=True))
    booking = aliased(Booking, union_all(*sides).subquery())
    source, item = booking_view(booking)
    return PageQuery(select().select_from(source), item=item, keys=[col(booking.id)], shape=shape)


class BookingReader:
    """Reads of bookings: those they have a part in."""

    _one = _one()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(BookingNotFound)
    async def one(self, caller: Bearer, cleaning_id: UUID, booking_id: UUID) -> Item:
        """A booking."""
        return await self._one.one(
            self._source, caller, cleaning_id=cleaning_id, booking_id=booking_id
        )

    @raises(CleaningNotFound)
    async def of_cleaning(self, caller: Bearer, cleaning_id: UUID, request: PageRequest) -> Page:
        """The bookings of a job that the caller has a part in, newest first."""
        query = _of_cleaning(request.shape)
        return await query.page(self._source, caller, request, cleaning_id=cleaning_id)

    async def own(self, caller: Bearer, filters: BookingFilters, request: PageRequest) -> Page:
        """The bookings that the caller has a part in, newest first."""
        roles = (filters.role,) if filters.role else (Role.OWNER, Role.CLEANER)
        given = {"status": filters.status} if filters.status else {}
        query = _own(request.shape, roles, by_status=bool(given))
        return await query.page(self._source, caller, request, **given)
