"""The queries of accounts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Integer,
    func,
    join,
    select,
)

from app.core.errors import Unauthenticated
from app.core.names import email_key
from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.offers import Offer
from app.db.models.profiles import Profile, ProfileNotFound
from app.db.models.sessions import StepUpNeeded
from app.db.models.usernames import UsernameTaken
from app.db.models.users import EmailTaken, User, UserPublic, UserRole
from app.db.repositories.base import (
    CALLER_ID,
    CLEANING_ID,
    EMAIL,
    HAS_ADDRESS,
    LIVE_SESSION,
    OFFER_ID,
    USABLE_ACCOUNT,
    USER_ID,
    Item,
    ItemQuery,
    Query,
)
from app.db.repositories.constraints import constraints
from app.db.repositories.credentials import RECENT
from app.db.repositories.links import pending_email
from app.db.repositories.person_views import ONESELF, shown
from app.db.repositories.suppressions import is_suppressed
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

CALLER = select(User).where(*LIVE_SESSION)
SHARED_CALLER = RowQuery(CALLER.with_for_update(key_share=True, read=True, of=User))
LOCKED_CALLER = RowQuery(CALLER.with_for_update(key_share=True, of=User))
LONE_CALLER = RowQuery(CALLER.with_for_update(of=User))
RECENT_CALLER = RowQuery(CALLER.where(RECENT).with_for_update(of=User))
OFFERER = Statement(
    select(col(User.blocked_at))
    .join(Offer, col(Offer.cleaner_id) == User.id)
    .join(Cleaning)
    .where(
        col(Offer.cleaning_id) == CLEANING_ID,
        col(Offer.id) == OFFER_ID,
        col(Cleaning.owner_id) == CALLER_ID,
    )
    .with_for_update(key_share=True, read=True, of=User)
)
LOCKED = RowQuery(select(User).where(col(User.id) == USER_ID, *USABLE_ACCOUNT).with_for_update())
UNDELETED = Statement(
    select(col(User.id))
    .where(col(User.id) == USER_ID, col(User.deleted_at).is_(None))
    .with_for_update(key_share=True, read=True)
)
IS_PRESENT = select(User).where(col(User.id) == USER_ID, col(User.deleted_at).is_(None))
PRESENT = RowQuery(IS_PRESENT)
LOCKED_PRESENT = RowQuery(IS_PRESENT.with_for_update(key_share=True))
HOLDER = RowQuery(select(User).where(*HAS_ADDRESS))
UNVERIFIED = RowQuery(
    select(User)
    .where(EMAIL, col(User.email_verified_at).is_(None), *USABLE_ACCOUNT)
    .order_by(col(User.id).desc())
    .limit(inline(1))
)
NEVER_VERIFIED = RowQuery(
    select(User)
    .where(col(User.pending_until) < func.now())
    .order_by(col(User.pending_until))
    .limit(argument("most", Integer()))
    .with_for_update(skip_locked=True)
)
TAKEN = {"uq_users_email": EmailTaken, "uq_users_username": UsernameTaken}


class UserRepository:
    """The accounts, in a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user: User) -> None:
        """Adds a new account.

        Raises:
            EmailTaken: Another account has the address.
            UsernameTaken: Another account has the name.
        """
        self._transaction.add(user)
        await self.save()

    async def save(self) -> None:
        """Writes the changes of accounts.

        Raises:
            EmailTaken: Another account has the address.
            UsernameTaken: Another account has the name.
        """
        with constraints(TAKEN):
            await self._transaction.flush()

    async def lock(self, user_id: UUID) -> User | None:
        """An account, locked until the end of the transaction; None if it can't be used."""
        return await self._transaction.one(LOCKED, user_id=user_id)

    async def undeleted(self, user_id: UUID) -> User | None:
        """An account, though it may be blocked; None if it was deleted."""
        return await self._transaction.one(PRESENT, user_id=user_id)

    async def lock_undeleted(self, user_id: UUID) -> User | None:
        """Like `undeleted`, locked until the end of the transaction."""
        return await self._transaction.one(LOCKED_PRESENT, user_id=user_id)

    async def holder(self, email: str) -> User | None:
        """The account that has an address; None if it can't be used, or there is none."""
        return await self._transaction.one(HOLDER, email_key=email_key(email))

    async def unverified(self, email: str) -> User | None:
        """The newest account that has an address, but has not shown that it is its own."""
        return await self._transaction.one(UNVERIFIED, email_key=email_key(email))

    async def hold_offerer(self, caller_id: UUID, cleaning_id: UUID, offer_id: UUID) -> bool:
        """Keeps the cleaner of an offer from being deleted, if the caller owns the job.

        Deleting an account locks it before its offers; so does accepting one.

        Returns:
            Whether their account is blocked.
        """
        rows = await OFFERER.fetch(
            self._transaction, caller_id=caller_id, cleaning_id=cleaning_id, offer_id=offer_id
        )
        return any(row["blocked_at"] for row in rows)

    async def hold_undeleted(self, user_id: UUID) -> bool:
        """Keeps an account from being deleted until the transaction ends, unless it has been.

        Returns:
            Whether it is still there.
        """
        return bool(await UNDELETED.fetch(self._transaction, user_id=user_id))

    async def lock_never_verified(self, most: int) -> Sequence[User]:
        """Accounts with an overdue verification, locked until the end of the transaction.

        Args:
            most: How many at the most, those first that have waited longest.
        """
        return await self._transaction.all(NEVER_VERIFIED, most=most)

    async def caller(self, bearer: Bearer) -> User:
        """The account of the caller, locked against deletion until the end of the transaction.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        return await self._caller(bearer, SHARED_CALLER)

    async def caller_locked(self, bearer: Bearer) -> User:
        """The account of the caller, locked against changes, and others who lock it like this.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        return await self._caller(bearer, LOCKED_CALLER)

    async def caller_alone(self, bearer: Bearer) -> User:
        """The account of the caller, locked exclusively until the end of the transaction.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        return await self._caller(bearer, LONE_CALLER)

    async def recent_caller(self, bearer: Bearer, since: datetime) -> User:
        """Like `caller_alone`, for callers with a recent login.

        Args:
            bearer: The caller.
            since: The earliest time of a sufficient login.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
            StepUpNeeded: The login is older.
        """
        user = await self._transaction.one(
            RECENT_CALLER, caller_id=bearer.user_id, session_id=bearer.session_id, since=since
        )
        if user is None:
            await self.caller_alone(bearer)  # raises if the session has ended
            raise StepUpNeeded
        return user

    async def _caller(self, bearer: Bearer, query: RowQuery[User]) -> User:
        user = await self._transaction.one(
            query, caller_id=bearer.user_id, session_id=bearer.session_id
        )
        if user is None:
            raise Unauthenticated
        return user


class UserReader:
    """Reads of accounts, their own; and what logins are checked against."""

    _role = Query(select(col(User.role)).where(col(User.id) == CALLER_ID))
    _own = ItemQuery(
        select().select_from(join(User, Profile)).where(col(User.id) == CALLER_ID),
        item=shown(
            UserPublic,
            User,
            Profile,
            to=ONESELF,
            email_verified=col(User.email_verified_at).is_not(None),
            email_refused=is_suppressed(CALLER_ID),
            pending_email=pending_email(CALLER_ID),
        ),
        version=col(User.version),
        missing=ProfileNotFound,
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def own(self, caller: Bearer) -> Item:
        """The caller's account."""
        return await self._own.one(self._source, caller)

    async def role(self, caller: Bearer) -> UserRole:
        """The role of the caller.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        rows = await self._role.run(self._source, caller)
        return UserRole(rows[0]["role"])
