"""The rules of notifications: which event tells whom, and in which words.

The actor of an event is not told of it; events of security have none. The placeholders of a
sentence are ``person``, the actor, and ``name``, the name of the job or the package; of a report,
the kind and the name of what it is about.
"""

from app.core.catalogues import N_
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.orders import OrderEvent
from app.db.models.kinds.package_questions import PackageAnswerEvent, PackageQuestionEvent
from app.db.models.kinds.questions import AnswerEvent, QuestionEvent
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.notification_kinds import SIDES, Group, Rule
from app.db.models.notification_kinds import NotificationKind as Kind
from app.db.models.notification_kinds import Recipient as To
from app.db.models.notification_security_rules import SECURITY
from app.db.models.notification_staff_rules import STAFF

OFFERS = (
    Rule(
        OfferEvent.CREATED,
        (To.OFFER_OWNER,),
        Kind.OFFER_RECEIVED,
        N_("%(person)s made an offer for %(name)s."),
    ),
    Rule(
        OfferEvent.EDITED,
        (To.OFFER_OWNER,),
        Kind.OFFER_CHANGED,
        N_("%(person)s changed the offer for %(name)s."),
    ),
    Rule(
        OfferEvent.RENEWED,
        (To.OFFER_OWNER,),
        Kind.OFFER_RENEWED,
        N_("%(person)s renewed the offer for %(name)s."),
    ),
    Rule(
        OfferEvent.WITHDRAWN,
        (To.OFFER_OWNER,),
        Kind.OFFER_WITHDRAWN,
        N_("%(person)s withdrew the offer for %(name)s."),
    ),
    Rule(
        CleaningEvent.BOOKED,
        (To.CHOSEN,),
        Kind.OFFER_ACCEPTED,
        N_("%(person)s accepted your offer for %(name)s."),
    ),
    Rule(
        OfferEvent.REJECTED,
        (To.OFFERER,),
        Kind.OFFER_DECLINED,
        N_("%(person)s declined your offer for %(name)s."),
    ),
    Rule(
        OfferEvent.SUPERSEDED,
        (To.OFFERER,),
        Kind.OFFER_SUPERSEDED,
        N_("Your offer for %(name)s was not chosen, or the job has ended."),
    ),
    Rule(
        CleaningEvent.EDITED,
        (To.OUTDATED,),
        Kind.JOB_CHANGED,
        N_("%(name)s has changed. Renew your offer, so that it can be accepted."),
    ),
    Rule(
        CleaningEvent.EXPIRED,
        (To.POSTER,),
        Kind.JOB_EXPIRED,
        N_("%(name)s has expired: its start has passed without a booking."),
    ),
)

BOOKINGS = (
    Rule(
        BookingEvent.REPORTED,
        SIDES,
        Kind.WORK_REPORTED,
        N_("%(person)s has reported the work done: %(name)s. Please confirm it."),
    ),
    Rule(
        CleaningEvent.COMPLETED,
        SIDES,
        Kind.WORK_COMPLETED,
        N_("The work is done: %(name)s. Say how it was."),
    ),
    Rule(
        BookingEvent.CANCELLED,
        SIDES,
        Kind.BOOKING_CANCELLED,
        N_("The booking was cancelled: %(name)s."),
    ),
    Rule(
        BookingEvent.MISSED,
        SIDES,
        Kind.BOOKING_MISSED,
        N_("%(person)s has marked the booking as a no-show: %(name)s."),
    ),
)

ORDERS = (
    Rule(
        OrderEvent.PLACED,
        (To.ORDER_CLEANER,),
        Kind.ORDER_PLACED,
        N_("%(person)s has ordered from you. Please answer the order."),
    ),
    Rule(
        OrderEvent.ACCEPTED,
        (To.ORDER_CUSTOMER,),
        Kind.ORDER_ACCEPTED,
        N_("%(person)s accepted your order."),
    ),
    Rule(
        OrderEvent.DECLINED,
        (To.ORDER_CUSTOMER,),
        Kind.ORDER_DECLINED,
        N_("%(person)s declined your order."),
    ),
    Rule(
        OrderEvent.CANCELLED,
        (To.ORDER_CLEANER,),
        Kind.ORDER_CANCELLED,
        N_("%(person)s cancelled the order."),
    ),
    Rule(
        OrderEvent.EXPIRED,
        (To.ORDER_CUSTOMER, To.ORDER_CLEANER),
        Kind.ORDER_EXPIRED,
        N_("An order has expired: it was not answered in time."),
    ),
)

QUESTIONS = (
    *(
        Rule(
            kind,
            (To.ASKED,),
            Kind.QUESTION_ASKED,
            N_("%(person)s asked a question about %(name)s."),
        )
        for kind in (QuestionEvent.CREATED, PackageQuestionEvent.CREATED)
    ),
    *(
        Rule(
            kind,
            (To.ASKER, To.ASKED),
            Kind.QUESTION_ANSWERED,
            N_("%(person)s answered a question about %(name)s."),
        )
        for kind in (AnswerEvent.CREATED, PackageAnswerEvent.CREATED)
    ),
)

MESSAGES = (
    Rule(
        ThreadEvent.MESSAGE_SENT,
        (To.THREAD_OWNER, To.THREAD_CLEANER),
        Kind.MESSAGE_RECEIVED,
        N_("%(person)s has written to you about %(name)s."),
    ),
)

EVALUATIONS = (
    Rule(
        EvaluationEvent.CREATED,
        (To.EVALUATED,),
        Kind.EVALUATION_RECEIVED,
        N_("%(person)s has reviewed you: %(name)s."),
    ),
)

SEARCHES = (
    Rule(
        CleaningEvent.CREATED,
        (To.SEARCHER,),
        Kind.SEARCH_MATCHED,
        N_("A new job matches a saved search: %(name)s."),
    ),
)

GROUPS = {
    Group.OFFERS: OFFERS,
    Group.BOOKINGS: BOOKINGS,
    Group.ORDERS: ORDERS,
    Group.QUESTIONS: QUESTIONS,
    Group.MESSAGES: MESSAGES,
    Group.EVALUATIONS: EVALUATIONS,
    Group.SEARCHES: SEARCHES,
    Group.STAFF: STAFF,
    Group.SECURITY: SECURITY,
}
"""The rules by group."""

RULES = tuple(rule for rules in GROUPS.values() for rule in rules)
GROUP_OF = {rule.kind: group for group, rules in GROUPS.items() for rule in rules}
SENTENCES = {rule.kind: rule.sentence for rule in RULES}
