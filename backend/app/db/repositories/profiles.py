"""The queries of profiles."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, join, or_, select

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.bookings import REACHABLE_FOR, Booking
from app.db.models.privacy import Tier
from app.db.models.profiles import Profile, ProfileDetail, ProfileNotFound
from app.db.models.states.bookings import BookingStatus
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, USER_ID, Item, ItemQuery
from app.db.repositories.people import PERSON_ID, person
from app.db.repositories.person_views import EVERYONE, HAS_PROFILE, is_open, shown
from app.postgres.statements import Source, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction


class ProfileRepository:
    """The profiles, in a unit of work."""

    _locking = RowQuery(select(Profile).where(col(Profile.user_id) == USER_ID).with_for_update())

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, profile: Profile) -> None:
        """Adds a new profile, whose account has been written."""
        self._transaction.add(profile)

    async def lock(self, user_id: UUID) -> Profile:
        """The profile of a user, locked until the end of the transaction."""
        (profile,) = await self._transaction.all(self._locking, user_id=user_id)
        return profile


def _have_a_booking(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the caller and a user are the two sides of a booking."""
    return (
        select(col(Booking.id))
        .where(
            *conditions,
            or_(
                and_(col(Booking.owner_id) == CALLER_ID, col(Booking.cleaner_id) == User.id),
                and_(col(Booking.cleaner_id) == CALLER_ID, col(Booking.owner_id) == User.id),
            ),
        )
        .exists()
    )


def _detail(found: ColumnElement[bool], *, for_visitors: bool = False) -> ItemQuery:
    together = or_(
        _have_a_booking(col(Booking.status) == inline(BookingStatus.SCHEDULED)),
        _have_a_booking(
            col(Booking.status) == inline(BookingStatus.COMPLETED),
            col(Booking.ended_at) > func.now() - REACHABLE_FOR,
        ),
    )
    own = col(User.id) == CALLER_ID
    return ItemQuery(
        select()
        .select_from(join(User, Profile))
        .where(
            found,
            *HAS_PROFILE,
            is_open(Profile),
        ),
        item=shown(
            ProfileDetail,
            Profile,
            User,
            to={**EVERYONE, Tier.PARTICIPANT: or_(own, together), Tier.PRIVATE: own},
        ),
        version=col(Profile.version),
        missing=ProfileNotFound,
        for_visitors=for_visitors,
    )


class ProfileReader:
    """Reads of profiles."""

    _named = _detail(col(User.id) == PERSON_ID)
    _named_for_visitors = _detail(col(User.id) == PERSON_ID, for_visitors=True)
    _own = _detail(col(User.id) == CALLER_ID)

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(ProfileNotFound)
    async def named(self, caller: Bearer | None, named: str) -> Item:
        """The profile of a user, as the caller or a visitor sees it."""
        query = self._named if caller else self._named_for_visitors
        return await query.one(self._source, caller, **person(named))

    async def own(self, caller: Bearer) -> Item:
        """The caller's profile."""
        return await self._own.one(self._source, caller)
