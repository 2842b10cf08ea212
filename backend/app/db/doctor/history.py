"""Checks of the histories of jobs and offers in the event log."""

from typing import Any

from sqlalchemy import Text, and_, case, cast, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.db.doctor.check import Check
from app.db.doctor.log import last_of
from app.db.models.bookings import Booking, CancelledBy
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation
from app.db.models.events import Event
from app.db.models.kinds import EventKind
from app.db.models.kinds.bookings import BookingEvent
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.packages import PackageEvent
from app.db.models.offers import Offer
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.db.models.questions import CleaningPost, Post
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.postgres.statements import Rows, col

OPEN, BOOKED, COMPLETED, CANCELLED, EXPIRED = CleaningStatus
NOTHING, DELETED = "nothing", "deleted"

STEPS: dict[str, tuple[list[str], str]] = {
    "cleaning created": ([NOTHING], OPEN),
    "cleaning edited": ([OPEN, EXPIRED], OPEN),
    "cleaning booked": ([NOTHING, OPEN], BOOKED),
    "cleaning completed": ([BOOKED], COMPLETED),
    "cleaning cancelled": ([OPEN, BOOKED], CANCELLED),
    "cleaning expired": ([OPEN], EXPIRED),
    "cleaning deleted": ([OPEN, CANCELLED, EXPIRED], DELETED),
    "booking cancelled": ([BOOKED], OPEN),
    "booking missed": ([BOOKED], OPEN),
}
"""The transitions of a job: allowed states before, and the state after.

The end of a booking leads to the state that the event has. Older events have none: these are
cancellations, and no-shows from before jobs expired with them. The end of a booking that is
cancelled with its job is no step of its own. Only a job that comes from an order is booked without
having been posted (see the check events_of_cleanings), and is cancelled by the end of its booking.
"""

PAYLOAD: Any = col(Event.payload)
STEP = col(Event.subject).concat(" ").concat(col(Event.kind))


def _steps() -> Any:
    """The transitions of all jobs, with the booking created or ended by each."""
    is_booking = col(Event.subject) == BookingEvent.subject
    booking_id = case(
        (is_booking, cast(col(Event.subject_id), Text)), else_=PAYLOAD["booking_id"].astext
    )
    offer_id = case((STEP == "cleaning booked", PAYLOAD["offer_id"].astext))
    leads_to = {step: state for step, (_, state) in STEPS.items()}
    leads_here = case((is_booking, PAYLOAD["cleaning_status"].astext))
    job = aliased(Event)
    with_its_job = and_(
        leads_here == CANCELLED,
        exists().where(
            col(job.cleaning_id) == Event.cleaning_id,
            col(job.subject) == CleaningEvent.subject,
            col(job.kind) == CleaningEvent.CANCELLED,
        ),
    )
    return (
        select(
            *(col(Event.id), col(Event.cleaning_id), col(Event.kind), col(Event.actor_id)),
            *(col(Event.created_at), STEP.label("step"), offer_id.label("offer_id")),
            booking_id.label("booking_id"),
            func.coalesce(leads_here, case(leads_to, value=STEP)).label("state"),
        )
        .where(STEP.in_(list(STEPS)), ~and_(is_booking, with_its_job))
        .subquery()
    )


def _history() -> Rows:
    """The transitions with the state before, and whether it is the last.

    They are ordered by time, since each is made while the job is locked; so the clocks of all
    servers must agree. A cancellation of a booked job ends its booking.
    """
    step = _steps().c
    order: Any = {"partition_by": step.cleaning_id, "order_by": (step.created_at, step.id)}
    before = func.coalesce(func.lag(step.state).over(**order), NOTHING)
    ends_booking = and_(step.step == "cleaning cancelled", before == BOOKED)
    booking_id = case(
        (ends_booking, func.lag(step.booking_id).over(**order)), else_=step.booking_id
    )
    return select(
        *(step.id, step.cleaning_id, step.step, step.kind, step.actor_id, step.offer_id),
        *(step.state, before.label("before"), booking_id.label("booking_id")),
        func.lead(step.id).over(**order).is_(None).label("is_last"),
    )


HISTORY = _history()


def _out_of_order() -> Any:
    steps = HISTORY.subquery().c
    legal = (
        and_(steps.step == step, steps.before.in_(states)) for step, (states, _) in STEPS.items()
    )
    return select(steps.id).where(~or_(*legal))


def _leading_elsewhere() -> Any:
    steps = HISTORY.subquery()
    state = case((col(Cleaning.deleted_at).is_not(None), DELETED), else_=col(Cleaning.status))
    return (
        select(col(Cleaning.id))
        .outerjoin(steps, and_(steps.c.cleaning_id == Cleaning.id, steps.c.is_last))
        .where(steps.c.state.is_distinct_from(state))
    )


def _offers_elsewhere() -> Any:
    """Offers in a state that contradicts their events.

    The end of a booking has no event of its own for the offer, and earlier releases recorded none
    for superseded offers, either: an offer that was made or renewed may be in any state except
    rejected, and is withdrawn only if its cleaner has cancelled the booking.
    """
    last = last_of(
        *(OfferEvent.CREATED, OfferEvent.RENEWED, OfferEvent.SUPERSEDED),
        *(OfferEvent.REJECTED, OfferEvent.WITHDRAWN),
    )
    called_off = (
        select(col(Booking.cleaning_id), col(Booking.offer_id))
        .where(col(Booking.cancelled_by) == CancelledBy.CLEANER)
        .distinct()
        .subquery()
    )
    of_offer = and_(last.c.cleaning_id == Offer.cleaning_id, last.c.subject_id == Offer.id)
    of_booking = and_(
        called_off.c.cleaning_id == Offer.cleaning_id, called_off.c.offer_id == Offer.id
    )
    status, told = col(Offer.status), func.coalesce(last.c.kind, "nothing")
    decided = [OfferStatus.REJECTED, OfferStatus.WITHDRAWN]
    ends = [OfferEvent.REJECTED, OfferEvent.WITHDRAWN, OfferEvent.SUPERSEDED]
    return (
        select(col(Offer.id))
        .outerjoin(last, of_offer)
        .outerjoin(called_off, of_booking)
        .where(
            ~case(
                (told.in_(ends), status == told),
                (
                    told.in_([OfferEvent.CREATED, OfferEvent.RENEWED]),
                    or_(
                        status.not_in(decided),
                        and_(status == OfferStatus.WITHDRAWN, called_off.c.offer_id.is_not(None)),
                    ),
                ),
                else_=False,
            )
        )
    )


POSTS: tuple[type[Post], ...] = (CleaningPost, PackagePost)


def _hidden_untold() -> Any:
    """Hidden rows without a hiding as their last event, and the reverse."""

    def of(model: Any, hidden: EventKind, shown: EventKind, *among: Any) -> Any:
        last = last_of(hidden, shown)
        is_hidden = func.coalesce(last.c.kind, shown) == hidden
        return (
            select(model.id)
            .outerjoin(last, last.c.subject_id == model.id)
            .where(is_hidden != col(model.hidden_at).is_not(None), *among)
        )

    def of_posts(posts: type[Post], *, answers: bool) -> Any:
        kinds = posts.answer_events if answers else posts.question_events
        is_question = col(posts.question_id).is_(None)
        among = ~is_question if answers else is_question
        return of(posts, kinds("hidden"), kinds("shown"), among)

    return union_all(
        of(Package, PackageEvent.HIDDEN, PackageEvent.SHOWN),
        of(Cleaning, CleaningEvent.HIDDEN, CleaningEvent.SHOWN),
        of(Offer, OfferEvent.HIDDEN, OfferEvent.SHOWN),
        of(Evaluation, EvaluationEvent.HIDDEN, EvaluationEvent.SHOWN),
        *(of_posts(posts, answers=answers) for posts in POSTS for answers in (False, True)),
    )


CHECKS = (
    Check(
        "history_in_order",
        "The order of a job's events follows the rules of the market.",
        _out_of_order(),
    ),
    Check(
        "history_of_cleanings",
        "The events of a job lead to its present state.",
        _leading_elsewhere(),
    ),
    Check(
        "history_of_offers",
        "The events of an offer lead to its present state.",
        _offers_elsewhere(),
    ),
    Check(
        "history_of_hiding",
        "The last hiding event of a row agrees with its state.",
        _hidden_untold(),
    ),
)
