"""The queries of mails of notifications."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Float,
    Text,
    Uuid,
    case,
    cast,
    delete,
    exists,
    extract,
    func,
    join,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import TypeEngine

from app.db.models.events import Event
from app.db.models.fields import now
from app.db.models.notification_kinds import NotificationKind
from app.db.models.notification_mails import MOST_LISTED, NotificationMail
from app.db.models.notification_preferences import MailMode, NotificationPreferences
from app.db.models.notifications import Notification
from app.db.models.threads import OF_EVENT, Thread
from app.db.models.users import User
from app.db.repositories.base import USER_ID
from app.db.repositories.notification_preferences import mode_of
from app.db.repositories.notification_recipients import group_of
from app.db.repositories.notification_storing import FIRST, LAST, MAILED, ToMail
from app.db.repositories.notifications import OWN, READ_MARK, notification_item
from app.postgres.statements import Source, Statement, argument, col, inline, once
from app.postgres.transactions import Transaction

AT_ONCE = 100
"""How many due mails become tasks in a transaction."""
MODE = argument("mode", Text())


class Recipient(NamedTuple):
    """The recipient of a mail of notifications.

    Args:
        id: The account.
        email: The verified address.
        username: The username.
        language: The language that it has chosen.
    """

    id: UUID
    email: str
    username: str
    language: str | None


def _planning() -> Statement:
    """Adds mails that wait, or further notifications to those that wait already.

    Such a row is updated, and not left alone: so it is locked until the notifications are
    committed, and a worker that takes it finds them.
    """
    columns = ["user_id", "mode", "due_at", "first_position", "last_position"]
    types: tuple[TypeEngine[Any], ...] = (
        *(Uuid(), Text(), DateTime(timezone=True), BigInteger(), BigInteger()),
    )
    given = (
        func.unnest(
            *(argument(name, ARRAY(kind)) for name, kind in zip(columns, types, strict=True))
        )
        .table_valued(*columns, name="given")
        .render_derived()
    )
    # In the order of the keys, which prevents deadlocks.
    rows = select(*given.c).order_by(given.c.user_id, given.c.mode)
    adding = insert(NotificationMail).from_select(columns, rows)
    return Statement(
        adding.on_conflict_do_update(
            index_elements=["user_id", "mode"],
            set_={"last_position": adding.excluded.last_position},
        )
    )


def _taking() -> Statement:
    keys = (col(NotificationMail.user_id), col(NotificationMail.mode))
    some = (
        select(*keys)
        .where(col(NotificationMail.due_at) <= func.now())
        .order_by(col(NotificationMail.due_at))
        .limit(inline(AT_ONCE))
        .with_for_update(skip_locked=True)
    )
    return Statement(
        delete(NotificationMail)
        .where(tuple_(*keys).in_(once(some)))
        .returning(*keys, col(NotificationMail.first_position), col(NotificationMail.last_position))
    )


def _is_read_message() -> ColumnElement[bool]:
    """Whether a notification is about a message that its recipient has read in its thread."""
    read_mark = case(
        (col(Thread.owner_id) == Notification.user_id, col(Thread.owner_read)),
        else_=col(Thread.cleaner_read),
    )
    return exists().where(
        col(Notification.kind) == inline(NotificationKind.MESSAGE_RECEIVED),
        col(Event.id) == Notification.event_id,
        OF_EVENT,
        cast(col(Event.payload)[inline("number")].astext, BigInteger) <= read_mark,
    )


def _mailed() -> Statement:
    """The notifications of a mail as JSON, oldest first, with the number of all of them.

    Those that were read meanwhile are left out, except for those that are not listed: their mail
    is all that is seen of them. So are messages that were read, and groups that are off by now.
    """
    chosen = (
        select(col(Notification.position), func.count().over().label("total"))
        .outerjoin(
            NotificationPreferences, col(NotificationPreferences.user_id) == Notification.user_id
        )
        .where(
            OWN,
            col(Notification.position).between(FIRST, LAST),
            or_(col(Notification.position) > READ_MARK, ~col(Notification.listed)),
            col(Notification.mail) == MODE,
            mode_of(group_of(col(Notification.kind))) != inline(MailMode.OFF),
            ~_is_read_message(),
        )
        .order_by(col(Notification.position))
        .limit(inline(MOST_LISTED))
        .subquery("chosen")
    )
    return Statement(
        select(cast(notification_item(), Text), chosen.c.total)
        .select_from(join(Notification, Event, col(Event.id) == Notification.event_id))
        .join(chosen, chosen.c.position == col(Notification.position))
        .where(OWN)
        .order_by(chosen.c.position)
    )


class NotificationMailReader:
    """Reads of mails of notifications."""

    _late = Statement(
        select(cast(extract("epoch", func.now() - func.min(NotificationMail.due_at)), Float()))
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def late(self) -> float:
        """For how many seconds the first mail that is due has waited for the worker."""
        ((seconds,),) = await self._late.fetch(self._source)
        return max(seconds or 0.0, 0.0)


class NotificationMailRepository:
    """The mails of notifications, in a unit of work."""

    _planning = _planning()
    taking = _taking()
    mailed = _mailed()
    _recipient = Statement(
        select(col(User.id), col(User.email), col(User.username), col(User.language)).where(
            col(User.id) == USER_ID, *MAILED
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def plan(self, notifications: Sequence[ToMail], market_zone: str) -> None:
        """Has notifications mailed when it is time.

        Args:
            notifications: The notifications.
            market_zone: The time zone of users who have chosen none.
        """
        if not notifications:
            return
        moment = now()
        self._transaction.put(
            self._planning,
            user_id=[it.user_id for it in notifications],
            mode=[it.mode for it in notifications],
            due_at=[it.times.due(it.mode, moment, market_zone) for it in notifications],
            first_position=[it.first for it in notifications],
            last_position=[it.last for it in notifications],
        )

    async def take_due(self) -> Sequence[dict[str, Any]]:
        """Takes some mails that are due, which no other worker is taking, as payloads of tasks."""
        return [
            {"user_id": str(user_id), "mode": mode, "first": first, "last": last}
            for user_id, mode, first, last in await self.taking.fetch(self._transaction)
        ]

    async def recipient(self, user_id: UUID) -> Recipient | None:
        """The recipient of mails of notifications; None if they are not sent any more."""
        rows = await self._recipient.fetch(self._transaction, user_id=user_id)
        return Recipient(*rows[0]) if rows else None

    async def notifications(
        self, user_id: UUID, mode: str, first: int, last: int
    ) -> tuple[list[str], int]:
        """The first notifications of a mail as JSON, and the number of all of them.

        Args:
            user_id: The recipient.
            mode: The mode of the mail, which the groups have at present.
            first: The position of the first notification.
            last: The position of the last notification.
        """
        rows: list[Any] = await self.mailed.fetch(
            self._transaction, caller_id=user_id, mode=mode, first=first, last=last
        )
        return [row[0] for row in rows], rows[0][1] if rows else 0
