"""Checks of notifications."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    and_,
    except_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from app.db.doctor.check import Check
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.decisions import CONCERNS_AUTHOR, IS_TOLD, Decision
from app.db.models.evaluations import Evaluation
from app.db.models.events import Event, fact
from app.db.models.kinds import EventKind
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.users import UserEvent
from app.db.models.notification_kinds import NotificationKind, Recipient, Rule
from app.db.models.notification_rules import RULES
from app.db.models.notifications import KEPT_FOR, Notification, NotificationBox
from app.db.models.offers import Offer
from app.db.models.orders import Order
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.db.models.questions import CleaningPost
from app.db.models.reports import Report
from app.db.models.stream import STANDING, Head, Streamed
from app.db.models.threads import IS_FIRST_UNREAD, Thread
from app.db.models.users import User
from app.postgres.statements import col

OF_OUTDATED = NotificationKind.JOB_CHANGED
"""Its recipients have changed their offers since."""
OF_SEARCHERS = NotificationKind.SEARCH_MATCHED
"""Its recipients may have changed or deleted their saved searches since."""


class Told(NamedTuple):
    """A recipient, as a column of a row that an event is about.

    Args:
        user_id: The column.
        id: The id of the row, from the event.
    """

    user_id: Any
    id: ColumnElement[Any]


SUBJECT, JOB = col(Event.subject_id), col(Event.cleaning_id)
BOOKING = func.coalesce(fact("booking_id"), SUBJECT)
PACKAGE = func.coalesce(fact("package_id"), SUBJECT)

TOLD: Mapping[Recipient, tuple[Told, ...]] = {
    Recipient.ACCOUNT: (Told(User.id, SUBJECT),),
    Recipient.POSTER: (Told(Cleaning.owner_id, JOB),),
    Recipient.OFFER_OWNER: (Told(Cleaning.owner_id, JOB),),
    Recipient.OFFERER: (Told(Offer.cleaner_id, SUBJECT),),
    Recipient.CHOSEN: (Told(Offer.cleaner_id, fact("offer_id")),),
    Recipient.BOOKING_OWNER: (Told(Booking.owner_id, BOOKING),),
    Recipient.BOOKING_CLEANER: (Told(Booking.cleaner_id, BOOKING),),
    Recipient.EVALUATED: (Told(Evaluation.subject_id, SUBJECT),),
    Recipient.EVALUATOR: (Told(Evaluation.author_id, SUBJECT),),
    Recipient.ASKED: (Told(Cleaning.owner_id, JOB), Told(Package.seller_id, fact("package_id"))),
    Recipient.ASKER: (
        Told(CleaningPost.author_id, fact("question_id")),
        Told(PackagePost.author_id, fact("question_id")),
    ),
    Recipient.AUTHOR: (Told(CleaningPost.author_id, SUBJECT), Told(PackagePost.author_id, SUBJECT)),
    Recipient.SELLER: (Told(Package.seller_id, PACKAGE),),
    Recipient.ORDER_CUSTOMER: (Told(Order.customer_id, SUBJECT),),
    Recipient.ORDER_CLEANER: (Told(Order.cleaner_id, SUBJECT),),
    Recipient.THREAD_OWNER: (Told(Thread.owner_id, SUBJECT),),
    Recipient.THREAD_CLEANER: (Told(Thread.cleaner_id, SUBJECT),),
    Recipient.READ_OWNER: (Told(Thread.owner_id, SUBJECT),),
    Recipient.READ_CLEANER: (Told(Thread.cleaner_id, SUBJECT),),
    Recipient.SENDER: (Told(User.id, fact("sender_id")),),
    Recipient.REPORTER: (Told(Report.reporter_id, fact("report_id")),),
    Recipient.REPORTED: (Told(Decision.author_id, SUBJECT),),
}
"""The recipients that never change, by relation."""

ONLY_IF = {
    Recipient.POSTER: col(Cleaning.ordered).is_(False),
    Recipient.OFFER_OWNER: col(Cleaning.ordered).is_(False),
    Recipient.THREAD_OWNER: IS_FIRST_UNREAD,
    Recipient.THREAD_CLEANER: IS_FIRST_UNREAD,
    Recipient.REPORTED: CONCERNS_AUTHOR,
}
"""The conditions under which they are told, by relation."""


def _never(kind: EventKind, subject_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a subject has no event of a kind.

    Args:
        kind: The kind; of hiding, that of any subject.
        subject_id: The id of the subject.
    """
    event = aliased(Event)
    return ~exists().where(col(event.subject_id) == subject_id, col(event.kind) == kind)


CERTAIN_IF = {
    Recipient.OFFER_OWNER: and_(
        _never(OfferEvent.HIDDEN, SUBJECT), col(Cleaning.deleted_at).is_(None)
    ),
    Recipient.ASKED: and_(
        _never(OfferEvent.HIDDEN, SUBJECT),
        _never(OfferEvent.HIDDEN, fact("question_id")),
        _never(UserEvent.BLOCKED, col(Event.actor_id)),
    ),
    Recipient.ASKER: false(),
}
"""The conditions under which they certainly saw the thing when the event entered the stream."""


def _told(rule: Rule, recipient: Recipient, told: Told, *, certain: bool) -> Any:
    """The notifications of one rule to one recipient: all possible, or the certain ones."""
    table, user = told.user_id.class_, aliased(User)
    standing = select(col(Head.position)).where(col(Head.name) == STANDING).scalar_subquery()
    return (
        select(col(Event.id).label("event_id"), told.user_id, literal(rule.kind))
        .join(Streamed, col(Streamed.event_id) == Event.id)
        .join(table, table.id == told.id)
        .join(user, col(user.id) == told.user_id)
        .where(
            col(Event.subject) == rule.event.subject,
            col(Event.kind) == rule.event,
            col(Streamed.position) > standing,
            col(Event.created_at) > func.now() - KEPT_FOR,
            col(user.id).is_distinct_from(Event.actor_id),
            col(user.deleted_at).is_(None),
            IS_TOLD,
            ONLY_IF.get(recipient, true()),
            CERTAIN_IF.get(recipient, true()) if certain else true(),
        )
    )


def _not_in_stream() -> Any:
    """Notifications whose event is at another position of the stream, or in no stream."""
    of_event = and_(
        col(Streamed.position) == Notification.position,
        col(Streamed.event_id) == Notification.event_id,
    )
    return (
        select(col(Notification.event_id))
        .outerjoin(Streamed, of_event)
        .where(col(Streamed.position).is_(None))
    )


def _differing() -> Any:
    """Events whose notifications are not those of the rules."""
    kept = select(
        *(col(Notification.event_id), col(Notification.user_id), col(Notification.kind))
    ).where(
        col(Notification.kind).not_in([OF_OUTDATED, OF_SEARCHERS]),
        col(Notification.created_at) > func.now() - KEPT_FOR,
    )
    possible, certain = _expected(certain=False), _expected(certain=True)
    both = union_all(except_(kept, possible), except_(certain, kept)).subquery()
    return select(both.c.event_id)


def _expected(*, certain: bool) -> Any:
    """The notifications of the rules: all possible ones, or the certain ones."""
    rules = [
        _told(rule, recipient, told, certain=certain)
        for rule in RULES
        for recipient in rule.to
        for told in TOLD.get(recipient, ())
    ]
    return select(union_all(*rules).subquery())


def _of_strangers() -> Any:
    """Notifications of changed jobs to users who have made no offer."""
    offer = and_(
        col(Offer.cleaning_id) == Event.cleaning_id, col(Offer.cleaner_id) == Notification.user_id
    )
    return (
        select(col(Notification.event_id))
        .join(Event, col(Event.id) == Notification.event_id)
        .outerjoin(Offer, offer)
        .where(col(Notification.kind) == OF_OUTDATED, col(Offer.id).is_(None))
    )


def _of_owners() -> Any:
    """Notifications of new jobs to their owners."""
    return (
        select(col(Notification.event_id))
        .join(Event, col(Event.id) == Notification.event_id)
        .join(Cleaning, col(Cleaning.id) == Event.cleaning_id)
        .where(
            col(Notification.kind) == OF_SEARCHERS, col(Cleaning.owner_id) == Notification.user_id
        )
    )


def _miscounted() -> Any:
    """Users whose boxes are missing, or have another number of unread notifications."""
    counted = (
        select(
            col(Notification.user_id),
            func.count()
            .filter(
                col(Notification.listed),
                col(Notification.position) > func.coalesce(NotificationBox.read_mark, 0),
            )
            .label("unread"),
        )
        .outerjoin(NotificationBox, col(NotificationBox.user_id) == Notification.user_id)
        .group_by(col(Notification.user_id))
        .subquery()
    )
    return (
        select(func.coalesce(counted.c.user_id, col(NotificationBox.user_id)))
        .select_from(counted)
        .join(NotificationBox, col(NotificationBox.user_id) == counted.c.user_id, full=True)
        .where(
            or_(
                col(NotificationBox.unread).is_(None),
                col(NotificationBox.unread) != func.coalesce(counted.c.unread, 0),
            )
        )
    )


CHECKS = (
    Check(
        "notifications_in_stream",
        "The event of each notification is at its position in the stream.",
        _not_in_stream(),
    ),
    Check(
        "notifications_told",
        "Each event in the stream has the notifications of the rules.",
        union_all(_differing(), _of_strangers(), _of_owners()),
    ),
    Check(
        "notifications_counted",
        "The number of listed unread notifications of each user is stored.",
        _miscounted(),
    ),
)
