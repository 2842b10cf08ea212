"""Checks of offers."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.db.doctor.check import Check
from app.db.doctor.cleanings import LIVE
from app.db.doctor.log import actors, differing, happened, told
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.models.offers import Offer
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.postgres.statements import col

STATUS = col(Offer.status)
IS_OPEN = and_(col(Cleaning.status) == CleaningStatus.OPEN, col(Cleaning.deleted_at).is_(None))
STANDS = STATUS.in_([OfferStatus.PENDING, OfferStatus.ACCEPTED])
SPOKEN_OF, PRESENT = col(Offer.terms_revision), col(Cleaning.terms_revision)


def _offers(*conditions: ColumnElement[bool]) -> Any:
    return select(col(Offer.id)).join(Cleaning).where(*conditions)


def _accepted_without_booking() -> Any:
    """Accepted offers without a live booking, and the reverse."""
    booked = and_(
        col(Booking.cleaning_id) == Offer.cleaning_id,
        col(Booking.offer_id) == Offer.id,
        col(Booking.status).in_(LIVE),
    )
    return (
        select(col(Offer.id))
        .outerjoin(Booking, booked)
        .where((STATUS == OfferStatus.ACCEPTED) != col(Booking.id).is_not(None))
    )


def _superseded_by_nothing() -> Any:
    expired = exists().where(
        col(Event.cleaning_id) == Offer.cleaning_id, col(Event.kind) == CleaningEvent.EXPIRED
    )
    return (
        select(col(Offer.id))
        .join(Cleaning)
        .outerjoin(Booking, col(Booking.cleaning_id) == Offer.cleaning_id)
        .where(STATUS == OfferStatus.SUPERSEDED, IS_OPEN, col(Booking.id).is_(None), ~expired)
    )


def _made_twice() -> Any:
    return (
        select(col(Offer.cleaning_id))
        .group_by(col(Offer.cleaning_id), col(Offer.cleaner_id))
        .having(func.count() > 1)
    )


CHECKS = (
    Check("offers_made_once", "A cleaner makes at most one offer for a job.", _made_twice()),
    Check(
        "offers_for_others",
        "The cleaner of an offer is not the owner of the job.",
        _offers(col(Offer.cleaner_id) == Cleaning.owner_id),
    ),
    Check(
        "offers_pending",
        "Offers are pending only while their job is open.",
        _offers(STATUS == OfferStatus.PENDING, ~IS_OPEN),
    ),
    Check(
        "offers_accepted",
        "An offer is accepted exactly while its booking is scheduled or completed.",
        _accepted_without_booking(),
    ),
    Check(
        "offers_superseded",
        "An offer is superseded only by a booking, or by the end of its job.",
        _superseded_by_nothing(),
    ),
    Check(
        "offers_wording",
        "An offer is for a revision of its job, an accepted one for the present revision.",
        _offers(
            or_(SPOKEN_OF > PRESENT, and_(STATUS == OfferStatus.ACCEPTED, SPOKEN_OF < PRESENT))
        ),
    ),
    Check(
        "offers_currency",
        "An offer for the present revision of a job is in the job's currency.",
        _offers(STANDS, SPOKEN_OF == PRESENT, col(Offer.currency) != Cleaning.currency),
    ),
    Check(
        "events_of_offers",
        "Each offer has one event of its creation, and the reverse.",
        differing(
            told(OfferEvent.CREATED),
            happened(Offer, OfferEvent.CREATED, Offer.cleaning_id, Offer.cleaner_id),
        ),
    ),
    actors(
        "offers_actors",
        "Cleaners change and withdraw their offers; owners reject and supersede those of others.",
        {
            OfferEvent.EDITED: Offer.cleaner_id,
            OfferEvent.RENEWED: Offer.cleaner_id,
            OfferEvent.WITHDRAWN: Offer.cleaner_id,
            OfferEvent.REJECTED: Cleaning.owner_id,
            OfferEvent.SUPERSEDED: Cleaning.owner_id,
        },
        Offer,
    ),
)
