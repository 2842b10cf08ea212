"""The recipients of notifications: the rules as SQL."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    case,
    column,
    func,
    join,
    select,
    true,
    union_all,
    values,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.util import ClauseAdapter

from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.decisions import CONCERNS_AUTHOR, IS_TOLD, Decision
from app.db.models.evaluations import Evaluation
from app.db.models.events import Event, fact
from app.db.models.notification_kinds import Recipient
from app.db.models.notification_preferences import NotificationPreferences
from app.db.models.notification_rules import GROUP_OF, RULES
from app.db.models.offers import Offer
from app.db.models.orders import Order
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.db.models.parties import (
    JOB_ASKED,
    JOB_ASKER,
    OFFER_OWNER,
    PACKAGE_ASKED,
    PACKAGE_ASKER,
    Party,
    within_job,
    within_package,
)
from app.db.models.questions import CleaningPost
from app.db.models.reports import Report
from app.db.models.states.offers import OfferStatus
from app.db.models.threads import IS_FIRST_UNREAD, OF_EVENT, Thread
from app.db.models.users import User
from app.db.repositories.notification_preferences import is_listed, mode_of
from app.db.repositories.saved_search_matches import searchers
from app.postgres.statements import Rows, col, inline

JOB, SUBJECT = col(Event.cleaning_id), col(Event.subject_id)
BOOKING = func.coalesce(fact("booking_id"), SUBJECT)
PACKAGE = func.coalesce(fact("package_id"), SUBJECT)


def _of(column: Any, *found: Any) -> ColumnElement[Any]:
    """A column of the row that an event is about, looked up by its key."""
    table = column.class_
    return select(col(column)).where(*found).correlate_except(table).scalar_subquery()


def _of_offer(offer_id: Any) -> ColumnElement[Any]:
    return _of(Offer.cleaner_id, col(Offer.cleaning_id) == JOB, col(Offer.id) == offer_id)


def _of_booking(side: Any) -> ColumnElement[Any]:
    return _of(side, col(Booking.cleaning_id) == JOB, col(Booking.id) == BOOKING)


def _of_evaluation(side: Any) -> ColumnElement[Any]:
    return _of(side, col(Evaluation.cleaning_id) == JOB, col(Evaluation.id) == SUBJECT)


def _of_party(
    party: Party, subject: type[Any], *condition: ColumnElement[bool]
) -> ColumnElement[Any]:
    """A user who has a part in the subject of an event; null if they may not see it."""
    found = select(party.user_id).select_from(party.joined(subject)).where(*condition, party.sees)
    return found.correlate(Event).scalar_subquery()


def _of_post(about_job: Party, about_package: Party) -> ColumnElement[Any]:
    """A user who has a part in a question or an answer, about a job or about a package."""
    return case(
        (JOB.is_not(None), _of_party(about_job, CleaningPost, within_job(CleaningPost))),
        else_=_of_party(about_package, PackagePost, within_package(PackagePost)),
    )


def _of_thread(side: Any, *condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return _of(side, OF_EVENT, *condition)


ONE: Mapping[Recipient, ColumnElement[Any]] = {
    Recipient.ACCOUNT: SUBJECT,
    Recipient.POSTER: _of(
        Cleaning.owner_id, col(Cleaning.id) == JOB, col(Cleaning.ordered).is_(False)
    ),
    Recipient.OFFER_OWNER: _of_party(
        OFFER_OWNER, Offer, within_job(Offer), col(Cleaning.ordered).is_(False)
    ),
    Recipient.OFFERER: _of_offer(SUBJECT),
    Recipient.CHOSEN: _of_offer(fact("offer_id")),
    Recipient.BOOKING_OWNER: _of_booking(Booking.owner_id),
    Recipient.BOOKING_CLEANER: _of_booking(Booking.cleaner_id),
    Recipient.EVALUATED: _of_evaluation(Evaluation.subject_id),
    Recipient.EVALUATOR: _of_evaluation(Evaluation.author_id),
    Recipient.ASKED: _of_post(JOB_ASKED, PACKAGE_ASKED),
    Recipient.ASKER: _of_post(JOB_ASKER, PACKAGE_ASKER),
    Recipient.AUTHOR: _of_post(
        Party(col(CleaningPost.author_id)), Party(col(PackagePost.author_id))
    ),
    Recipient.SELLER: _of(Package.seller_id, col(Package.id) == PACKAGE),
    Recipient.ORDER_CUSTOMER: _of(Order.customer_id, col(Order.id) == SUBJECT),
    Recipient.ORDER_CLEANER: _of(Order.cleaner_id, col(Order.id) == SUBJECT),
    # Several unread messages are one notification.
    Recipient.THREAD_OWNER: _of_thread(Thread.owner_id, IS_FIRST_UNREAD),
    Recipient.THREAD_CLEANER: _of_thread(Thread.cleaner_id, IS_FIRST_UNREAD),
    Recipient.READ_OWNER: _of_thread(Thread.owner_id),
    Recipient.READ_CLEANER: _of_thread(Thread.cleaner_id),
    Recipient.SENDER: fact("sender_id"),
    Recipient.REPORTER: _of(Report.reporter_id, col(Report.id) == fact("report_id")),
    Recipient.REPORTED: _of(Decision.author_id, col(Decision.id) == SUBJECT, CONCERNS_AUTHOR),
}
"""The recipient by relation. Each is a scalar subquery, so that it is looked up by its key."""


RULE = (
    values(*(column(name, Text) for name in ("subject", "event", "recipient", "kind", "group")))
    .data(
        [
            (rule.event.subject, rule.event, to, rule.kind, GROUP_OF[rule.kind])
            for rule in RULES
            for to in rule.to
        ]
    )
    .alias("rule")
)


def group_of(kind: ColumnElement[Any]) -> ColumnElement[str]:
    """The group of a kind of notifications."""
    return case({inline(it): inline(group) for it, group in GROUP_OF.items()}, value=kind)


def told(streamed: Any) -> Any:
    """Selects the notifications of events: user, position, event, kind, time, and if it is listed.

    Args:
        streamed: The events, as an alias of rows of the stream.
    """
    # Each step is finished before the next begins. With wrong statistics, as of a table that was
    # emptied, the planner would compare each event with each offer, and with each user.
    concerned = (
        select(
            col(streamed.position),
            *(RULE.c.recipient, RULE.c.kind.label("notification"), RULE.c.group),
            *Event.metadata.tables[str(Event.__tablename__)].c,
        )
        .select_from(
            join(streamed, Event, col(Event.id) == streamed.event_id).join(
                RULE, (RULE.c.subject == Event.subject) & (RULE.c.event == Event.kind)
            )
        )
        .where(IS_TOLD)
        .cte("concerned")
        .prefix_with("MATERIALIZED")
    )
    found = union_all(*_found(concerned.c, ClauseAdapter(concerned).traverse)).cte("found")
    found = found.prefix_with("MATERIALIZED")
    return (
        select(
            col(User.id).label("user_id"),
            *(found.c.position, found.c.event_id, found.c.notification, found.c.created_at),
            is_listed(found.c.group).label("listed"),
            mode_of(found.c.group).label("mail"),
        )
        .select_from(join(found, User, col(User.id) == found.c.user_id))
        .outerjoin(NotificationPreferences, col(NotificationPreferences.user_id) == User.id)
        .where(col(User.id).is_distinct_from(found.c.actor_id), col(User.deleted_at).is_(None))
    )


def _found(event: Any, of_event: Callable[[Any], Any]) -> Iterator[Rows]:
    """Selects the users whom events concern, by the ways in which they are found.

    Args:
        event: The columns of the events and of their rules.
        of_event: Returns an expression about `Event` for these events.
    """

    def to(user_id: ColumnElement[Any]) -> Rows:
        columns = (event.position, event.notification, event.group, event.created_at)
        return select(
            user_id.label("user_id"), event.id.label("event_id"), event.actor_id, *columns
        )

    one = case(*((event.recipient == inline(it), user) for it, user in ONE.items()))
    yield to(of_event(one))
    owner = aliased(User)
    outdated = (
        select(col(Offer.cleaner_id))
        .join(Cleaning, col(Cleaning.id) == Offer.cleaning_id)
        .join(owner, col(owner.id) == Cleaning.owner_id)
        .where(
            col(Offer.cleaning_id) == event.cleaning_id,
            col(Offer.status) == inline(OfferStatus.PENDING),
            col(Offer.terms_revision) < Cleaning.terms_revision,
            col(Cleaning.hidden_at).is_(None),
            col(owner.blocked_at).is_(None),
            event.recipient == inline(Recipient.OUTDATED),
        )
        .lateral("outdated")
    )
    yield to(outdated.c.cleaner_id).join(outdated, true())
    searching = (
        searchers(event.cleaning_id, event.position)
        .where(event.recipient == inline(Recipient.SEARCHER))
        .lateral("searching")
    )
    yield to(searching.c.user_id).join(searching, true())
