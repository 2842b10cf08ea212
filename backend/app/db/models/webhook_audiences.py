"""The audiences of events: the users whose webhooks get an event, and the scope that it needs.

An event goes to the users who have a part in its subject, if they may see the subject when the
event enters the stream. Webhooks of the whole market get all events.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, func, join, null, or_, select

from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.decisions import CONCERNS_AUTHOR, Decision
from app.db.models.evaluations import Evaluation
from app.db.models.events import Event, fact
from app.db.models.kinds import Scope
from app.db.models.kinds.bookings import BookingEvent, BookingScope
from app.db.models.kinds.cleanings import CleaningEvent, CleaningScope
from app.db.models.kinds.decisions import DecisionEvent
from app.db.models.kinds.evaluations import EvaluationEvent, EvaluationScope
from app.db.models.kinds.messages import MessageScope
from app.db.models.kinds.offers import OfferEvent, OfferScope
from app.db.models.kinds.orders import OrderEvent, OrderScope
from app.db.models.kinds.package_questions import PackageAnswerEvent, PackageQuestionEvent
from app.db.models.kinds.packages import PackageEvent, PackageScope
from app.db.models.kinds.profiles import ProfileEvent, ProfileScope
from app.db.models.kinds.questions import AnswerEvent, QuestionEvent
from app.db.models.kinds.reports import ReportEvent, ReportScope
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.kinds.users import UserEvent
from app.db.models.offers import Offer
from app.db.models.orders import Order
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.db.models.parties import (
    JOB_ASKED,
    JOB_ASKER,
    OFFER_OWNER,
    ON_VIEW,
    PACKAGE_ASKED,
    PACKAGE_ASKER,
    Party,
    by_id,
    within_job,
    within_package,
)
from app.db.models.profiles import Profile
from app.db.models.questions import CleaningPost
from app.db.models.reports import Report
from app.db.models.stream import Streamed
from app.db.models.threads import OF_EVENT, Thread
from app.db.models.users import User
from app.db.models.webhook_parties import Audience, of_posts, offerers
from app.postgres.statements import Rows, col, inline

TYPE: ColumnElement[str] = func.concat(col(Event.subject), inline("."), col(Event.kind))

AUDIENCES = (
    Audience(UserEvent, None, User, by_id(User), (Party(col(User.id)),)),
    Audience(
        ProfileEvent,
        ProfileScope.READ,
        Profile,
        col(Profile.user_id) == Event.subject_id,
        (Party(col(Profile.user_id)),),
    ),
    Audience(
        CleaningEvent,
        CleaningScope.READ,
        Cleaning,
        by_id(Cleaning),
        (Party(col(Cleaning.owner_id)), offerers()),
    ),
    Audience(
        OfferEvent,
        OfferScope.READ,
        Offer,
        within_job(Offer),
        (Party(col(Offer.cleaner_id)), OFFER_OWNER),
    ),
    Audience(
        BookingEvent,
        BookingScope.READ,
        Booking,
        within_job(Booking),
        (Party(col(Booking.owner_id)), Party(col(Booking.cleaner_id))),
    ),
    Audience(
        EvaluationEvent,
        EvaluationScope.READ,
        Evaluation,
        within_job(Evaluation),
        (
            Party(col(Evaluation.author_id)),
            Party(
                col(Evaluation.subject_id),
                sees=and_(ON_VIEW, col(Evaluation.hidden_at).is_(None)),
            ),
        ),
    ),
    Audience(
        PackageEvent,
        PackageScope.READ,
        Package,
        by_id(Package),
        (Party(col(Package.seller_id)),),
    ),
    Audience(
        OrderEvent,
        OrderScope.READ,
        Order,
        by_id(Order),
        (Party(col(Order.customer_id)), Party(col(Order.cleaner_id))),
    ),
    Audience(
        ThreadEvent,
        MessageScope.READ,
        Thread,
        OF_EVENT,
        tuple(  # of hiding, only the sender of the message
            Party(side, sees=or_(ON_VIEW, fact("sender_id") == side))
            for side in (col(Thread.owner_id), col(Thread.cleaner_id))
        ),
    ),
    Audience(
        ReportEvent,
        ReportScope.READ,
        Report,
        by_id(Report),
        (Party(col(Report.reporter_id)),),
    ),
    Audience(
        DecisionEvent,
        ReportScope.READ,
        Decision,
        by_id(Decision),
        (
            Party(col(Report.reporter_id), ((Report, col(Report.id) == Decision.report_id),)),
            Party(col(Decision.author_id), sees=CONCERNS_AUTHOR),
        ),
    ),
    *(
        of_posts(kinds, CleaningPost, within_job, JOB_ASKED, JOB_ASKER)
        for kinds in (QuestionEvent, AnswerEvent)
    ),
    *(
        of_posts(kinds, PackagePost, within_package, PACKAGE_ASKED, PACKAGE_ASKER)
        for kinds in (PackageQuestionEvent, PackageAnswerEvent)
    ),
)

SCOPES: dict[str, Scope | None] = {
    f"{audience.kinds.subject}.{kind}": audience.scope
    for audience in AUDIENCES
    for kind in audience.kinds
}
"""The scope that an API key needs for each type of event."""


def reached(audience: Audience, party: Party) -> Rows:
    """Selects positions and versions of events, each with a user of a party who gets it."""
    version = col(audience.subject.version) if hasattr(audience.subject, "version") else null()
    source: Any = join(Streamed, Event, col(Event.id) == Streamed.event_id)
    source = party.joined(join(source, audience.subject, audience.key))
    return (
        select(
            col(Streamed.position),
            col(Event.id).label("event_id"),
            cast(version, Integer).label("version"),
            TYPE.label("type"),
            party.user_id.label("user_id"),
        )
        .select_from(source)
        .where(col(Event.subject) == inline(audience.kinds.subject), party.sees)
    )
