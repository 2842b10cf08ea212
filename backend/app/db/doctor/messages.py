"""Checks of messages."""

from typing import Any

from sqlalchemy import (
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from app.db.doctor.check import Check
from app.db.doctor.log import differing, told
from app.db.doctor.threads import OF_THREAD
from app.db.models.events import JOB, Event
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.messages import Message, MessageVersion
from app.db.models.threads import Thread
from app.db.models.uploads import OF_MESSAGE, Upload
from app.postgres.statements import col


def _by_strangers() -> Any:
    """Messages of others than the sides of their thread."""
    sides = [Thread.owner_id, Thread.cleaner_id]
    return (
        select(col(Message.number))
        .join(Thread, OF_THREAD)
        .where(col(Message.sender_id).not_in(sides))
    )


def _photos_of_others() -> Any:
    """Uploads attached to a message that their user has not sent."""
    return (
        select(col(Upload.id))
        .outerjoin(Message, and_(OF_MESSAGE, col(Message.sender_id) == Upload.user_id))
        .where(col(Upload.message_number).is_not(None), col(Message.number).is_(None))
    )


def _with_gaps() -> Any:
    """Messages without exactly the versions before the present one; erased ones have none."""
    expected = case((col(Message.text).is_(None), 0), else_=Message.revision - 1)
    of_message = and_(
        col(MessageVersion.cleaning_id) == Message.cleaning_id,
        col(MessageVersion.cleaner_id) == Message.cleaner_id,
        col(MessageVersion.message) == Message.number,
    )
    return (
        select(col(Message.number))
        .outerjoin(MessageVersion, of_message)
        .group_by(col(Message.cleaning_id), col(Message.cleaner_id), col(Message.number))
        .having(
            or_(
                func.count(col(MessageVersion.number)) != expected,
                func.coalesce(func.max(col(MessageVersion.number)), 0) != expected,
            )
        )
    )


def _untold() -> Any:
    """Differences between the events and the messages."""
    payload: Any = col(Event.payload)
    number = payload["number"].astext.cast(Integer)
    log = told(ThreadEvent.MESSAGE_SENT, ThreadEvent.MESSAGE_EDITED)
    subject, kind, _, actor = log.selected_columns
    said = log.with_only_columns(subject, kind, JOB, actor, number)

    def happened(kind: ThreadEvent) -> Any:
        return select(
            col(Thread.id),
            cast(literal(kind), Text),
            *(col(Message.cleaning_id), col(Message.sender_id), col(Message.number)),
        ).join_from(Message, Thread, OF_THREAD)

    edits = func.generate_series(2, col(Message.revision)).table_valued("number")
    edited = happened(ThreadEvent.MESSAGE_EDITED).join(edits, true())
    return differing(said, union_all(happened(ThreadEvent.MESSAGE_SENT), edited))


CHECKS = (
    Check(
        "messages_of_sides",
        "Messages are sent by the sides of their thread.",
        _by_strangers(),
    ),
    Check(
        "photos_of_messages",
        "Photos of messages are uploads of their senders.",
        _photos_of_others(),
    ),
    Check(
        "message_versions",
        "Each message has all its earlier versions, unless it was erased.",
        _with_gaps(),
    ),
    Check(
        "events_of_messages",
        "Each message and each edit of one has an event, by its sender.",
        _untold(),
    ),
)
