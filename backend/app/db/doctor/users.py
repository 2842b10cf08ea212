"""Checks of accounts."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, null, select, union_all

from app.db.doctor.check import Check
from app.db.doctor.log import actors, differing, happened, told
from app.db.models.bookings import Booking
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.freed_usernames import FreedUsername
from app.db.models.kinds.users import UserEvent
from app.db.models.offers import Offer
from app.db.models.profiles import Profile
from app.db.models.states.bookings import BookingStatus
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.users import User
from app.postgres.statements import col

IS_DELETED = col(User.deleted_at).is_not(None)


def _shared(key: Any, *conditions: ColumnElement[bool]) -> Any:
    """Keys of names shared by several accounts, of which only an id is shown."""
    return (
        select(func.min(cast(col(User.id), Text)))
        .where(*conditions)
        .group_by(key)
        .having(func.count() > 1)
    )


def _under_way() -> Any:
    """Deleted accounts with open jobs, offers or bookings."""

    def with_a(model: Any, person: Any, *statuses: str) -> Any:
        return (
            select(col(User.id))
            .join(model, col(person) == User.id)
            .where(IS_DELETED, col(model.status).in_(statuses))
        )

    scheduled = BookingStatus.SCHEDULED
    open_jobs = with_a(
        Cleaning, Cleaning.owner_id, CleaningStatus.OPEN, CleaningStatus.BOOKED
    ).where(col(Cleaning.deleted_at).is_(None))
    return union_all(
        open_jobs,
        with_a(Offer, Offer.cleaner_id, OfferStatus.PENDING),
        with_a(Booking, Booking.owner_id, scheduled),
        with_a(Booking, Booking.cleaner_id, scheduled),
    )


def _changes() -> Any:
    """Creations and deletions of accounts."""

    def happened_to_user(kind: UserEvent) -> Any:
        return happened(User, kind, cast(null(), col(User.id).type), User.id)

    return union_all(
        happened_to_user(UserEvent.CREATED), happened_to_user(UserEvent.DELETED).where(IS_DELETED)
    )


CHECKS = (
    Check(
        "users_named_once",
        "No two accounts have usernames with the same key.",
        _shared(User.username_key),
    ),
    Check(
        "users_addressed_once",
        "No two accounts have email addresses with the same key, apart from those that are not "
        "verified yet.",
        _shared(User.email_key, col(User.pending_until).is_(None)),
    ),
    Check(
        "users_with_profile",
        "Each account has a profile.",
        select(col(User.id))
        .outerjoin(Profile, col(Profile.user_id) == User.id)
        .where(col(Profile.user_id).is_(None)),
    ),
    Check(
        "users_freed",
        "A freed username has no reference to a deleted account.",
        select(col(User.id))
        .join(FreedUsername, col(FreedUsername.user_id) == User.id)
        .where(IS_DELETED),
    ),
    Check(
        "users_deleted",
        "A deleted account has no open job, pending offer or scheduled booking.",
        _under_way(),
    ),
    Check(
        "events_of_users",
        "Each creation and each deletion of an account has one event, and the reverse.",
        differing(told(UserEvent.CREATED, UserEvent.DELETED), _changes()),
    ),
    actors(
        "users_actors",
        "Accounts are edited by their owners.",
        {UserEvent.EDITED: Event.subject_id},
    ),
)
