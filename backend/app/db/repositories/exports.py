"""The query of exports: one statement, so that all is as it was at one moment."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, join, or_, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.core.security.tokens import Bearer
from app.db.models.api_keys import ApiKey
from app.db.models.audit import AuditEntry
from app.db.models.bookings import Booking, Role
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation, Rating
from app.db.models.events import Event
from app.db.models.exports import (
    AccountExport,
    ApiKeyExport,
    AuditEntryExport,
    BookingExport,
    CleaningExport,
    EvaluationExport,
    EventExport,
    IdempotencyKeyExport,
    KnownAddressExport,
    KnownDeviceExport,
    LinkExport,
    OfferExport,
    ProfileExport,
    RatingExport,
    RevisionExport,
    SecondFactorExport,
    SessionExport,
)
from app.db.models.idempotency_keys import IdempotencyKey
from app.db.models.known_devices import KnownDevice
from app.db.models.links import Link
from app.db.models.offers import Offer
from app.db.models.profiles import Profile
from app.db.models.second_factors import SecondFactor
from app.db.models.sessions import KnownAddress, Session
from app.db.models.terms import CleaningRevision
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, SESSION_ID, Query, json_object
from app.db.repositories.views import ONESELF, shown, shown_terms
from app.postgres.statements import Rows, Stream, col, inline


class Part(NamedTuple):
    """A part of an export.

    Args:
        source: What it is selected from.
        item: One item as JSON.
        key: What the items are sorted by.
        own: Which are the caller's.
    """

    source: Any
    item: ColumnElement[Any]
    key: ColumnElement[Any]
    own: ColumnElement[bool]


def _head() -> Part:
    item = func.json_build_object(
        inline("account"),
        shown(AccountExport, User, to=ONESELF),
        inline("profile"),
        shown(ProfileExport, Profile, to=ONESELF),
    )
    return Part(join(User, Profile), item, col(User.id), col(User.id) == CALLER_ID)


def _ratings() -> Part:
    item = json_object(RatingExport, Rating)
    return Part(Rating, item, col(Rating.role), col(Rating.user_id) == CALLER_ID)


def _sessions() -> Part:
    item = json_object(
        SessionExport,
        Session,
        last_used_at=col(Session.refreshed_at),
        current=col(Session.id) == SESSION_ID,
    )
    return Part(Session, item, col(Session.id), col(Session.user_id) == CALLER_ID)


def _api_keys() -> Part:
    item, own = json_object(ApiKeyExport, ApiKey), col(Session.user_id) == CALLER_ID
    return Part(join(ApiKey, Session), item, col(ApiKey.id), own)


def _second_factors() -> Part:
    item = json_object(SecondFactorExport, SecondFactor)
    own = col(SecondFactor.user_id) == CALLER_ID
    return Part(SecondFactor, item, col(SecondFactor.user_id), own)


def _links() -> Part:
    return Part(Link, json_object(LinkExport, Link), col(Link.id), col(Link.user_id) == CALLER_ID)


def _idempotency_keys() -> Part:
    item = json_object(IdempotencyKeyExport, IdempotencyKey)
    own = col(IdempotencyKey.user_id) == CALLER_ID
    return Part(IdempotencyKey, item, col(IdempotencyKey.used_at), own)


def _known_addresses() -> Part:
    item = json_object(KnownAddressExport, KnownAddress)
    own = col(KnownAddress.user_id) == CALLER_ID
    return Part(KnownAddress, item, col(KnownAddress.used_at), own)


def _known_devices() -> Part:
    item = json_object(KnownDeviceExport, KnownDevice)
    own = col(KnownDevice.user_id) == CALLER_ID
    return Part(KnownDevice, item, col(KnownDevice.used_at), own)


def _cleanings() -> Part:
    revision = json_object(RevisionExport, CleaningRevision)
    revisions = (
        select(
            func.coalesce(
                func.json_agg(aggregate_order_by(revision, col(CleaningRevision.revision))),
                func.json_build_array(),
            )
        )
        .where(col(CleaningRevision.cleaning_id) == Cleaning.id)
        .scalar_subquery()
    )
    item = json_object(CleaningExport, Cleaning, revisions=revisions)
    return Part(Cleaning, item, col(Cleaning.id), col(Cleaning.owner_id) == CALLER_ID)


def _offers() -> Part:
    item = json_object(OfferExport, Offer)
    return Part(Offer, item, col(Offer.id), col(Offer.cleaner_id) == CALLER_ID)


def _evaluation(*found: ColumnElement[bool]) -> ColumnElement[Any]:
    return (
        select(json_object(EvaluationExport, Evaluation))
        .where(
            col(Evaluation.cleaning_id) == Booking.cleaning_id,
            col(Evaluation.booking_id) == Booking.id,
            *found,
        )
        .scalar_subquery()
    )


def _bookings(own_id: Any, role: Role, other_id: Any, other_role: Role) -> Part:
    other, own = aliased(User), col(own_id) == CALLER_ID
    received = (col(Evaluation.role) == inline(role), col(Evaluation.hidden_at).is_(None))
    item = json_object(
        BookingExport,
        Booking,
        role=inline(role),
        other_side=col(other.username),
        terms=shown_terms(col(Booking.terms), col(Booking.owner_id) == CALLER_ID),
        evaluation_given=_evaluation(col(Evaluation.role) == inline(other_role)),
        evaluation_received=_evaluation(*received),
    )
    return Part(join(Booking, other, col(other.id) == other_id), item, col(Booking.id), own)


def _events() -> Part:
    item = json_object(EventExport, Event)
    return Part(Event, item, col(Event.id), col(Event.actor_id) == CALLER_ID)


def _audit(found: ColumnElement[bool]) -> Part:
    actor_id = col(AuditEntry.actor_id)
    not_of_others = or_(actor_id == CALLER_ID, actor_id.is_(None))
    item = json_object(
        AuditEntryExport,
        AuditEntry,
        by_oneself=actor_id.is_not_distinct_from(CALLER_ID),
        network=case((not_of_others, col(AuditEntry.network))),
        request_id=case((not_of_others, col(AuditEntry.request_id))),
        details=case((col(AuditEntry.user_id) == CALLER_ID, col(AuditEntry.details))),
    )
    return Part(AuditEntry, item, col(AuditEntry.id), found)


SECTIONS = {
    "ratings": [_ratings()],
    "sessions": [_sessions()],
    "api_keys": [_api_keys()],
    "second_factors": [_second_factors()],
    "links": [_links()],
    "idempotency_keys": [_idempotency_keys()],
    "known_addresses": [_known_addresses()],
    "known_devices": [_known_devices()],
    "cleanings": [_cleanings()],
    "offers": [_offers()],
    "bookings": [
        _bookings(Booking.owner_id, Role.OWNER, Booking.cleaner_id, Role.CLEANER),
        _bookings(Booking.cleaner_id, Role.CLEANER, Booking.owner_id, Role.OWNER),
    ],
    "events": [_events()],
    "audit": [
        _audit(col(AuditEntry.user_id) == CALLER_ID),
        _audit(
            and_(
                col(AuditEntry.actor_id) == CALLER_ID,
                col(AuditEntry.user_id).is_distinct_from(CALLER_ID),
            )
        ),
    ],
}
"""The lists of an export: the parts that each is put together from."""


def _everything() -> Query:
    parts = [(0, _head())]
    parts += [(place, part) for place, parts in enumerate(SECTIONS.values(), 1) for part in parts]
    everything = union_all(
        *(
            select(
                inline(place).label("place"),
                cast(part.key, Text).label("key"),
                cast(part.item, Text).label("item"),
            )
            .select_from(part.source)
            .where(part.own)
            for place, part in parts
        )
    ).subquery()
    rows: Rows = select(*everything.c).order_by(everything.c.place, everything.c.key)
    return Query(rows)


class ExportReader:
    """All that is held of callers."""

    everything = _everything()

    def __init__(self, source: Stream) -> None:
        self._source = source

    async def text(self, caller: Bearer) -> AsyncIterator[str]:
        """All that is held of the caller, as JSON, piece by piece.

        Raises:
            Unauthenticated: Their session has ended.
        """
        names, place, ending = list(SECTIONS), 0, ""
        async for row in self.everything.stream(self._source, caller):
            if row["place"] == 0:
                yield row["item"].removesuffix("}")
                continue
            separator = ","
            while place < row["place"]:
                yield f'{ending},"{names[place]}":['
                place, ending, separator = place + 1, "]", ""
            yield separator + row["item"]
        for name in names[place:]:
            yield f'{ending},"{name}":['
            ending = "]"
        yield "]}"
