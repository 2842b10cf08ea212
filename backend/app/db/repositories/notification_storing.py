"""The statement that stores notifications, and finds those that are to be mailed."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CTE, BigInteger, Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.db.models.notification_mails import MailTimes
from app.db.models.notification_preferences import (
    DIGEST_HOUR,
    MailMode,
    NotificationPreferences,
)
from app.db.models.notifications import Notification, NotificationBox
from app.db.models.stream import Streamed
from app.db.models.users import User
from app.db.repositories.base import USABLE_ACCOUNT
from app.db.repositories.notification_recipients import told
from app.db.repositories.stream import AT_ONCE
from app.db.repositories.suppressions import is_suppressed
from app.postgres.statements import PLANNED_EACH_TIME, Statement, argument, col, inline

FIRST, LAST = (argument(name, BigInteger()) for name in ("first", "last"))
MAILED = (
    *USABLE_ACCOUNT,
    col(User.email_verified_at).is_not(None),
    ~is_suppressed(col(User.id)),
)
"""The condition of an account to which notifications are mailed."""


class ToMail(NamedTuple):
    """Notifications that are to be mailed.

    Args:
        user_id: The recipient.
        mode: When they are mailed.
        first: The position of the first of them.
        last: The position of the last of them.
        times: The preferences of the recipient.
    """

    user_id: UUID
    mode: MailMode
    first: int
    last: int
    times: MailTimes


def storing() -> Statement:
    """Stores the notifications of some events, and counts them in the boxes of their users.

    It returns which of them are to be mailed, by user and mode, with the times of the user.
    """
    columns = ["user_id", "position", "event_id", "kind", "created_at", "listed", "mail"]
    # The planner sees the limit. It would read whole tables for as many events as it assumes. A
    # plan that was kept from a smaller market might compare each saved search with each job.
    some = (
        select(Streamed)
        .where(col(Streamed.position).between(FIRST, LAST), PLANNED_EACH_TIME)
        .limit(inline(AT_ONCE))
    )
    stored = (
        insert(Notification)
        .from_select(columns, told(aliased(Streamed, some.subquery())))
        # A user who has two parts in an event is told once.
        .on_conflict_do_nothing()
        .returning(
            col(Notification.user_id),
            col(Notification.position),
            col(Notification.listed),
            col(Notification.mail),
        )
        .cte("stored")
    )
    counted = (
        # In the order of the keys, which prevents deadlocks.
        select(stored.c.user_id, inline(0), func.count().filter(stored.c.listed))
        .group_by(stored.c.user_id)
        .order_by(stored.c.user_id)
    )
    counting = insert(NotificationBox).from_select(["user_id", "read_mark", "unread"], counted)
    counting = counting.on_conflict_do_update(
        index_elements=["user_id"],
        set_={"unread": col(NotificationBox.unread) + counting.excluded.unread},
    )
    return Statement(_to_mail(stored).add_cte(counting.cte("counting")))


def _to_mail(stored: CTE) -> Select[Any]:
    """Selects which notifications are to be mailed, as `ToMail` has it."""
    mailed = (
        select(
            stored.c.user_id,
            stored.c.position,
            stored.c.mail,
            col(NotificationPreferences.time_zone),
            col(NotificationPreferences.quiet_from),
            col(NotificationPreferences.quiet_until),
            func.coalesce(NotificationPreferences.digest_hour, inline(DIGEST_HOUR)).label("hour"),
        )
        .select_from(stored)
        .join(User, col(User.id) == stored.c.user_id)
        .outerjoin(NotificationPreferences, col(NotificationPreferences.user_id) == User.id)
        .where(stored.c.mail != inline(MailMode.OFF), *MAILED)
        .subquery("mailed")
    )
    times = (mailed.c.time_zone, mailed.c.quiet_from, mailed.c.quiet_until, mailed.c.hour)
    positions = func.min(mailed.c.position), func.max(mailed.c.position)
    return select(mailed.c.user_id, mailed.c.mail, *positions, *times).group_by(
        mailed.c.user_id, mailed.c.mail, *times
    )
