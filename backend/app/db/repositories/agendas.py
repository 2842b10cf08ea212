"""Agendas: the bookings of the caller by what is to be done about them."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, and_, func, select, union_all
from sqlalchemy.orm import aliased

from app.core.security.tokens import Bearer
from app.db.models.bookings import Booking, Role
from app.db.models.evaluations import Evaluation
from app.db.models.states.bookings import BookingStatus
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID
from app.db.repositories.booking_views import SIDES, booking_view
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.postgres.statements import Rows, Source, col, inline

OTHER_SIDE: Mapping[Role, Role] = {Role.OWNER: Role.CLEANER, Role.CLEANER: Role.OWNER}


class AgendaPart(StrEnum):
    """The parts of an agenda."""

    SCHEDULED = "scheduled"
    TO_REVIEW = "to_review"
    PAST = "past"


MOST_COUNTED = 100
"""The newest bookings of each side of the caller, among which those to review are counted."""


def _to_review(role: Role, booking: type[Booking] = Booking) -> ColumnElement[bool]:
    """Whether the caller can evaluate the other side of a booking, and has not done so."""
    other = OTHER_SIDE[role]
    # An EXISTS might be answered by reading all evaluations.
    given = (
        select(col(Evaluation.id))
        .where(
            col(Evaluation.cleaning_id) == booking.cleaning_id,
            col(Evaluation.booking_id) == booking.id,
            col(Evaluation.role) == inline(other),
        )
        .correlate_except(Evaluation)
        .scalar_subquery()
    )
    side = booking.owner_id if other is Role.OWNER else booking.cleaner_id
    deleted_at = select(col(User.deleted_at)).where(col(User.id) == side)
    finished = [inline(BookingStatus.COMPLETED), inline(BookingStatus.NO_SHOW)]
    return and_(
        col(booking.status).in_(finished),
        given.is_(None),
        deleted_at.correlate_except(User).scalar_subquery().is_(None),
    )


def _belongs(wanted: AgendaPart, role: Role) -> ColumnElement[bool]:
    """Whether a booking belongs to a part of the agenda of one of its sides."""
    if wanted is AgendaPart.TO_REVIEW:
        return _to_review(role)
    is_scheduled = col(Booking.status) == inline(BookingStatus.SCHEDULED)
    return is_scheduled if wanted is AgendaPart.SCHEDULED else ~is_scheduled


def _waiting() -> Rows:
    """The number of bookings that the caller has not evaluated yet, among the newest."""
    counts = []
    for role in Role:
        newest = (
            select(Booking)
            .where(SIDES[role] == CALLER_ID)
            .order_by(col(Booking.id).desc())
            .limit(inline(MOST_COUNTED))
        )
        booking = aliased(Booking, newest.subquery())
        waiting = select(func.count()).select_from(booking).where(_to_review(role, booking))
        counts.append(waiting.scalar_subquery())
    return select((counts[0] + counts[1]).label("waiting"))


@cache
def _agenda(wanted: AgendaPart, roles: tuple[Role, ...], shape: PageShape) -> PageQuery:
    # Each side is read in the order of an index of its own; the two are then merged.
    sides = []
    for role in roles:
        side = select(Booking).where(SIDES[role] == CALLER_ID, _belongs(wanted, role))
        sides.append(part(side, [col(Booking.id)], shape, by_index=True))
    booking = aliased(Booking, union_all(*sides).subquery())
    source, item = booking_view(booking)
    return PageQuery(
        select().select_from(source),
        item=item,
        keys=[col(booking.id)],
        shape=shape,
        within=_waiting(),
    )


class AgendaReader:
    """Reads of agendas."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def part(
        self, caller: Bearer, wanted: AgendaPart, role: Role | None, request: PageRequest
    ) -> Page:
        """A part of the caller's agenda, the newest bookings first.

        The parent of the page is the number of bookings to review, among the newest.

        Args:
            caller: The caller.
            wanted: Which part.
            role: The side that the caller is on; None for both.
            request: The requested page.
        """
        query = _agenda(wanted, (role,) if role else tuple(Role), request.shape)
        return await query.page(self._source, caller, request)
