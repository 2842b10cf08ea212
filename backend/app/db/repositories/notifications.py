"""The queries of notifications."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    join,
    select,
    update,
)

from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event, fact
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.decisions import DecisionEvent
from app.db.models.kinds.packages import PackageEvent
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.notification_kinds import Group
from app.db.models.notification_mails import MailTimes
from app.db.models.notification_preferences import (
    MailMode,
)
from app.db.models.notification_rules import GROUP_OF
from app.db.models.notifications import (
    KEPT_FOR,
    Notification,
    NotificationBox,
    NotificationPublic,
    PackageSummary,
    ReadMark,
    ThreadSummary,
)
from app.db.models.packages import Package
from app.db.models.reported import ReportedThing
from app.db.models.reports import Report
from app.db.models.threads import OF_EVENT, Thread
from app.db.models.users import User
from app.db.repositories.base import (
    CALLER_ID,
    MOMENT,
    USER_ID,
    Query,
    json_object,
)
from app.db.repositories.notification_recipients import group_of
from app.db.repositories.notification_storing import ToMail, storing
from app.db.repositories.orders import order_summary
from app.db.repositories.package_views import PackageView
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.person_views import Person
from app.db.repositories.privacy import AT_ONCE
from app.db.repositories.reported import reported_json
from app.db.repositories.views import CleaningView, visible_summary
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

READ = argument("read", BigInteger())
OF_USER = col(Notification.user_id) == USER_ID
OWN = col(Notification.user_id) == CALLER_ID
READ_MARK: ColumnElement[Any] = func.coalesce(
    select(col(NotificationBox.read_mark))
    .where(col(NotificationBox.user_id) == CALLER_ID)
    .scalar_subquery(),
    inline(0),
)
"""The read mark of the caller."""

UNREAD: ColumnElement[Any] = func.coalesce(
    select(col(NotificationBox.unread))
    .where(col(NotificationBox.user_id) == CALLER_ID)
    .scalar_subquery(),
    inline(0),
)
"""The number of unread notifications of the caller."""

ONE_ROW = select(inline(1)).subquery("one_row")


def deleting_old() -> Statement:
    """Deletes some notifications that are no longer kept, and counts the unread ones of them."""
    some = (
        select(
            col(Notification.user_id), col(Notification.position), col(NotificationBox.read_mark)
        )
        .join(NotificationBox, col(NotificationBox.user_id) == Notification.user_id)
        .where(col(Notification.created_at) <= MOMENT - KEPT_FOR)
        .limit(inline(AT_ONCE))
        # Its read mark is the present one as soon as the box is locked.
        .with_for_update(of=NotificationBox, skip_locked=True)
        .cte("some")
    )
    gone = (
        delete(Notification)
        .where(
            col(Notification.user_id) == some.c.user_id,
            col(Notification.position) == some.c.position,
        )
        .returning(
            col(Notification.user_id),
            and_(col(Notification.position) > some.c.read_mark, col(Notification.listed)).label(
                "unread"
            ),
        )
        .cte("gone")
    )
    unread = (
        select(gone.c.user_id, func.count().label("count"))
        .where(gone.c.unread)
        .group_by(gone.c.user_id)
        .subquery("unread")
    )
    counted = (
        update(NotificationBox)
        .where(col(NotificationBox.user_id) == unread.c.user_id)
        .values(unread=NotificationBox.unread - unread.c.count)
        .returning(col(NotificationBox.user_id))
        .cte("counted")
    )
    return Statement(select(gone.c.user_id).add_cte(counted))


def deleting_of_deleted() -> Statement:
    """Deletes notifications of deleted users: of events that entered the stream meanwhile."""
    some = (
        select(col(NotificationBox.user_id))
        .join(User, col(User.id) == NotificationBox.user_id)
        .where(col(User.deleted_at).is_not(None))
        .limit(inline(AT_ONCE))
        .cte("some")
    )
    told = delete(Notification).where(col(Notification.user_id) == some.c.user_id).cte("told")
    boxes = delete(NotificationBox).where(col(NotificationBox.user_id) == some.c.user_id)
    return Statement(boxes.returning(col(NotificationBox.user_id)).add_cte(told))


class NotificationRepository:
    """The notifications, in a unit of work."""

    storing = storing()
    _locking = RowQuery(
        select(NotificationBox).where(col(NotificationBox.user_id) == USER_ID).with_for_update()
    )
    _counting = Statement(
        select(
            select(func.max(col(Notification.position)))
            .where(OF_USER)
            .scalar_subquery()
            .label("last"),
            select(func.count())
            .where(OF_USER, col(Notification.position) > READ, col(Notification.listed))
            .scalar_subquery()
            .label("unread"),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def notify(self, first: int, last: int) -> list[ToMail]:
        """Stores the notifications of events in the stream, and returns which are to be mailed.

        Args:
            first: The position of the first event.
            last: The position of the last event.
        """
        rows = await self.storing.fetch(self._transaction, first=first, last=last)
        return [
            ToMail(user_id, MailMode(mode), first_position, last_position, MailTimes(*times))
            for user_id, mode, first_position, last_position, *times in rows
        ]

    async def lock_box(self, user_id: UUID) -> NotificationBox | None:
        """The box of a user, locked until the end of the transaction; None if there is none."""
        return await self._transaction.one(self._locking, user_id=user_id)

    async def count(self, user_id: UUID, position: int) -> tuple[int, int]:
        """The last position of a user's notifications, and the number of listed ones behind one."""
        ((last, unread),) = await self._counting.fetch(
            self._transaction, user_id=user_id, read=position
        )
        return last or 0, unread


def notification_item() -> ColumnElement[Any]:
    """A notification of `CALLER_ID` as JSON."""
    actor, job, package = Person(col(Event.actor_id)), CleaningView(), PackageView()
    of_staff = [inline(kind) for kind, group in GROUP_OF.items() if group is Group.STAFF]
    package_id = case(
        (col(Event.subject) == inline(PackageEvent.subject), col(Event.subject_id)),
        else_=fact("package_id"),
    )

    def shown(source: Any, item: Any, *found: Any) -> ColumnElement[Any]:
        return select(item).select_from(source).where(*found).correlate(Event).scalar_subquery()

    return json_object(
        NotificationPublic,
        Notification,
        group=group_of(col(Notification.kind)),
        unread=col(Notification.position) > READ_MARK,
        subject=col(Event.subject),
        subject_id=col(Event.subject_id),
        cleaning_id=col(Event.cleaning_id),
        booking_id=case(
            (col(Event.subject) == inline(BookingEvent.subject), col(Event.subject_id)),
            else_=fact("booking_id"),
        ),
        reason=col(Event.payload)[inline("reason")].astext,
        rule=col(Event.payload)[inline("rule")].astext,
        actor=case(
            (
                col(Notification.kind).not_in(of_staff),
                shown(actor.joined(ONE_ROW), actor.json),
            )
        ),
        cleaning=shown(
            job.owner.joined(Cleaning),
            visible_summary(Cleaning),
            col(Cleaning.id) == Event.cleaning_id,
            job.visible,
        ),
        package=shown(
            package.owner.joined(Package),
            json_object(PackageSummary, Package),
            col(Package.id) == package_id,
            package.visible,
        ),
        thread=shown(
            Thread,
            json_object(ThreadSummary, Thread, order=order_summary(col(Thread.cleaning_id))),
            col(Event.subject) == inline(ThreadEvent.subject),
            OF_EVENT,
        ),
        reported=shown(
            Report,
            reported_json(ReportedThing),
            col(Event.subject) == inline(DecisionEvent.subject),
            col(Report.id) == fact("report_id"),
        ),
    )


@cache
def _page(shape: PageShape, *, unread: bool) -> PageQuery:
    return PageQuery(
        select()
        .select_from(join(Notification, Event, col(Event.id) == Notification.event_id))
        .where(
            OWN,
            col(Notification.listed),
            *([col(Notification.position) > READ_MARK] if unread else []),
        ),
        item=notification_item(),
        keys=[col(Notification.position)],
        shape=shape,
        by_index=True,
    )


class NotificationReader:
    """Reads notifications."""

    _read_mark = Query(select(cast(json_object(ReadMark, position=READ_MARK, unread=UNREAD), Text)))

    def __init__(self, source: Source) -> None:
        self._source = source

    async def page(self, caller: Bearer, request: PageRequest, *, unread: bool) -> Page:
        """The caller's notifications, the newest one first.

        Args:
            caller: The caller.
            request: The part of the list.
            unread: Whether only those behind the read mark are meant.
        """
        return await _page(request.shape, unread=unread).page(self._source, caller, request)

    async def read_mark(self, caller: Bearer) -> str:
        """The read mark of the caller as JSON."""
        ((found,),) = await self._read_mark.run(self._source, caller)
        return str(found)
