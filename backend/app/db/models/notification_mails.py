"""Mails of notifications: those that wait, and the time when they are due."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from app.db.models.fields import choice, moment_field
from app.db.models.notification_preferences import MailMode
from app.postgres.rows import Row

COLLECTED_FOR = timedelta(seconds=60)
"""How long notifications are collected for one mail."""
MOST_LISTED = 20
"""The number of notifications that a mail lists."""


class MailTimes(NamedTuple):
    """The preferences of a user about the times of mail.

    Args:
        time_zone: The time zone; None for that of the market.
        quiet_from: The beginning of the quiet hours, as in 22:00; None for no quiet hours.
        quiet_until: Their end.
        digest_hour: The hour of daily mails.
    """

    time_zone: str | None
    quiet_from: str | None
    quiet_until: str | None
    digest_hour: int

    def due(self, mode: MailMode, moment: datetime, market_zone: str) -> datetime:
        """The time when a mail is due.

        Args:
            mode: Its mode.
            moment: The time of its first notification.
            market_zone: The time zone of the market.
        """
        zone = ZoneInfo(self.time_zone or market_zone)
        if mode is MailMode.DAILY:
            return following(moment, time(self.digest_hour), zone)
        due = moment + COLLECTED_FOR
        if self.quiet_from is None or self.quiet_until is None:
            return due
        begin, end = map(time.fromisoformat, (self.quiet_from, self.quiet_until))
        length = timedelta(days=begin > end)
        for day in days_about(due, zone):
            until = moment_of(day + length, end, zone)
            if moment_of(day, begin, zone) <= due < until:
                return until
        return due


def following(moment: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The next time after a moment at which clocks show a time of day.

    Args:
        moment: The moment.
        at: The time of day.
        zone: The time zone of the clocks.
    """
    times = (moment_of(day, at, zone) for day in days_about(moment, zone))
    return next(it for it in times if it > moment)


def days_about(moment: datetime, zone: ZoneInfo) -> list[date]:
    """The day of a moment in a time zone, between the one before and the one after it."""
    today = moment.astimezone(zone).date()
    return [today + timedelta(days=days) for days in (-1, 0, 1)]


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment when clocks show a time of day.

    A time that they show twice is the second one; one that they skip comes as much later.

    Args:
        day: The day.
        at: The time of day.
        zone: The time zone of the clocks.
    """
    both = (datetime.combine(day, at.replace(fold=fold), zone) for fold in (0, 1))
    return max(it.astimezone(UTC) for it in both)


class NotificationMail(Row, table=True):
    """A mail that waits: the notifications of a user in a range of positions.

    There is one for each user and mode at the most, so that notifications are collected. The worker
    replaces it by a task when it is due.
    """

    __tablename__ = "notification_mails"
    __table_args__ = (
        CheckConstraint("mode <> 'off'", name="is_wanted"),
        CheckConstraint("0 < first_position AND first_position <= last_position", name="positions"),
        Index("ix_notification_mails_due_at", "due_at"),  # those that are due
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    mode: MailMode = Field(primary_key=True, sa_type=choice(MailMode, "mode"))
    due_at: datetime = moment_field()
    first_position: int = Field(sa_type=BigInteger)
    last_position: int = Field(sa_type=BigInteger)
