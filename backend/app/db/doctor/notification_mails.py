"""Checks of mails of notifications."""

from datetime import timedelta

from sqlalchemy import func, or_, select

from app.db.doctor.check import Check
from app.db.models.notification_mails import NotificationMail
from app.db.models.stream import STREAM, Head
from app.postgres.statements import col

LATE = timedelta(days=1)
"""How late the worker may be."""
AHEAD = timedelta(days=2)
"""How far ahead mails are planned: a day at the most, and a change of the clocks."""

CHECKS = (
    Check(
        "notification_mails_in_stream",
        "Mails that wait are about notifications of the stream.",
        select(col(NotificationMail.user_id)).where(
            col(NotificationMail.last_position)
            > select(col(Head.position)).where(col(Head.name) == STREAM).scalar_subquery()
        ),
    ),
    Check(
        "notification_mails_due",
        "Mails that wait are due within two days, and have not been due for more than a day.",
        select(col(NotificationMail.user_id)).where(
            or_(
                col(NotificationMail.due_at) < func.now() - LATE,
                col(NotificationMail.due_at) > func.now() + AHEAD,
            )
        ),
    ),
)
