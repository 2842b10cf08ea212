"""The query of the numbers of the market.

No counters are kept for them. Rows are counted by an index up to `MOST_COUNTED`, and the changes of
the last days among the newest `MOST_EVENTS` events, so that the costs are bounded in any market.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.ids import first_id
from app.db.models.kinds import EventKind
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.orders import OrderEvent
from app.db.models.kinds.users import UserEvent
from app.db.models.packages import Package
from app.db.models.reports import Report, ReportStatus
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.packages import PackageStatus
from app.db.models.statistics import (
    MOST_COUNTED,
    MOST_EVENTS,
    DailyCount,
    StatisticsPublic,
)
from app.db.models.tasks import Task
from app.db.models.users import User, UserRole
from app.db.repositories.base import Query, json_array, json_object
from app.postgres.statements import PLANNED_EACH_TIME, Source, argument, col, inline

COUNTED: tuple[EventKind, ...] = (
    UserEvent.CREATED,
    CleaningEvent.CREATED,
    CleaningEvent.BOOKED,
    CleaningEvent.COMPLETED,
    OfferEvent.CREATED,
    BookingEvent.CANCELLED,
    BookingEvent.MISSED,
    *OrderEvent,
    EvaluationEvent.CREATED,
)
"""The kinds of events that are counted."""
ONE: ColumnElement[int] = literal_column("1")


def up_to_most(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """The number of rows that meet all conditions, at most one more than `MOST_COUNTED`."""
    some = select(ONE).where(*conditions).limit(inline(MOST_COUNTED + 1)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _daily() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The number of recent events, and those of each kind and day as a JSON array."""
    recent = (
        select(col(Event.subject), col(Event.kind), col(Event.created_at))
        .where(col(Event.id) >= argument("since", Uuid()), PLANNED_EACH_TIME)
        .order_by(col(Event.id).desc())
        .limit(inline(MOST_EVENTS))
        .cte("recent")
    )
    day = cast(func.timezone(argument("zone", Text()), recent.c.created_at), Date)
    counted = (
        select(day.label("day"), recent.c.subject, recent.c.kind, func.count().label("number"))
        .where(
            or_(
                *(
                    (recent.c.subject == inline(kind.subject)) & (recent.c.kind == inline(kind))
                    for kind in COUNTED
                )
            )
        )
        .group_by(day, recent.c.subject, recent.c.kind)
        .subquery()
    )
    return (
        select(func.count()).select_from(recent).scalar_subquery(),
        select(json_array(json_object(DailyCount, counted.c)))
        .select_from(counted)
        .scalar_subquery(),
    )


def _numbers() -> Select[Any]:
    events, days = _daily()
    kept = col(User.deleted_at).is_(None)
    numbers = json_object(
        StatisticsPublic,
        accounts=up_to_most(kept),
        pending_accounts=up_to_most(col(User.pending_until).is_not(None)),
        blocked_accounts=up_to_most(col(User.blocked_at).is_not(None), kept),
        has_superuser=exists(select(ONE).where(col(User.role) == inline(UserRole.SUPERUSER), kept)),
        open_jobs=up_to_most(
            col(Cleaning.status) == inline(CleaningStatus.OPEN), col(Cleaning.deleted_at).is_(None)
        ),
        published_packages=up_to_most(col(Package.status) == inline(PackageStatus.PUBLISHED)),
        waiting_reports=up_to_most(col(Report.status) == inline(ReportStatus.WAITING)),
        failed_tasks=up_to_most(col(Task.failed_at).is_not(None)),
        events=events,
        days=days,
    )
    return select(cast(numbers, Text).label("numbers"))


class StatisticsReader:
    """Reads the numbers of the market. That the caller is staff was checked before."""

    _numbers = Query(_numbers())

    def __init__(self, source: Source) -> None:
        self._source = source

    async def numbers(self, caller: Bearer, since: datetime, zone: str) -> str:
        """The numbers, as JSON.

        Args:
            caller: The member of staff.
            since: The beginning of the days.
            zone: The time zone of the days.
        """
        rows = await self._numbers.run(self._source, caller, since=first_id(since), zone=zone)
        return str(rows[0]["numbers"])
