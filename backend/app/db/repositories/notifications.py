"""The queries of notifications."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    case,
    cast,
    delete,
    func,
    join,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event, fact
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.packages import PackageEvent
from app.db.models.notification_kinds import Group
from app.db.models.notification_rules import GROUP_OF
from app.db.models.notifications import (
    KEPT_FOR,
    Notification,
    NotificationBox,
    NotificationPublic,
    PackageSummary,
    ReadMark,
)
from app.db.models.packages import Package
from app.db.models.stream import Streamed
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, Query, json_object
from app.db.repositories.notification_recipients import told
from app.db.repositories.package_views import PackageView
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.person_views import Person
from app.db.repositories.privacy import AT_ONCE
from app.db.repositories.stream import AT_ONCE as EVENTS_AT_ONCE
from app.db.repositories.views import CleaningView, visible_summary
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

FIRST, LAST, READ = (argument(name, BigInteger()) for name in ("first", "last", "read"))
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


def _storing() -> Statement:
    """Stores the notifications of some events, and counts them in the boxes of their users."""
    columns = ["user_id", "position", "event_id", "kind", "created_at"]
    # The planner sees the limit. It would read whole tables for as many events as it assumes.
    some = (
        select(Streamed)
        .where(col(Streamed.position).between(FIRST, LAST))
        .limit(inline(EVENTS_AT_ONCE))
    )
    stored = (
        insert(Notification)
        .from_select(columns, told(aliased(Streamed, some.subquery())))
        # A user who has two parts in an event is told once.
        .on_conflict_do_nothing()
        .returning(col(Notification.user_id))
        .cte("stored")
    )
    counted = (
        # In the order of the keys, which prevents deadlocks.
        select(stored.c.user_id, inline(0), func.count())
        .group_by(stored.c.user_id)
        .order_by(stored.c.user_id)
    )
    counting = insert(NotificationBox).from_select(["user_id", "read_mark", "unread"], counted)
    return Statement(
        counting.on_conflict_do_update(
            index_elements=["user_id"],
            set_={"unread": col(NotificationBox.unread) + counting.excluded.unread},
        )
    )


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
            col(Notification.user_id), (Notification.position > some.c.read_mark).label("unread")
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

    storing = _storing()
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
            .where(OF_USER, col(Notification.position) > READ)
            .scalar_subquery()
            .label("unread"),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def notify(self, first: int, last: int) -> None:
        """Stores the notifications of events in the stream.

        Args:
            first: The position of the first event.
            last: The position of the last event.
        """
        await self.storing.fetch(self._transaction, first=first, last=last)

    async def lock_box(self, user_id: UUID) -> NotificationBox | None:
        """The box of a user, locked until the end of the transaction; None if there is none."""
        return await self._transaction.one(self._locking, user_id=user_id)

    async def count(self, user_id: UUID, position: int) -> tuple[int, int]:
        """The last position of the notifications of a user, and the number of those behind one."""
        ((last, unread),) = await self._counting.fetch(
            self._transaction, user_id=user_id, read=position
        )
        return last or 0, unread


def notification_item() -> ColumnElement[Any]:
    """A notification as JSON."""
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
        group=case(
            {inline(kind): inline(group) for kind, group in GROUP_OF.items()},
            value=col(Notification.kind),
        ),
        unread=col(Notification.position) > READ_MARK,
        subject=col(Event.subject),
        subject_id=col(Event.subject_id),
        cleaning_id=col(Event.cleaning_id),
        booking_id=case(
            (col(Event.subject) == inline(BookingEvent.subject), col(Event.subject_id)),
            else_=fact("booking_id"),
        ),
        reason=col(Event.payload)[inline("reason")].astext,
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
    )


@cache
def _page(shape: PageShape, *, unread: bool) -> PageQuery:
    return PageQuery(
        select()
        .select_from(join(Notification, Event, col(Event.id) == Notification.event_id))
        .where(OWN, *([col(Notification.position) > READ_MARK] if unread else [])),
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
