"""What people do with their accounts."""

from app.core.security import Bearer, Passwords
from app.core.versions import ExpectedVersion
from app.db.engine import Transaction
from app.db.models.events import EventKind, Subject
from app.db.models.profiles import Profile
from app.db.models.users import AccountInUse, User, UserCreate, UserUpdate, WrongPassword
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.offers import OfferRepository
from app.db.repositories.profiles import ProfileRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.users import UserReader, UserRepository
from app.db.statements import Source
from app.services.cleanings import CleaningService


class UserService:
    """The use cases of accounts.

    Args:
        transaction: The unit of work.
        source: Where the current password's hash is read. It is not the transaction, so that no
            connection waits while a password is being hashed.
        passwords: Hashes and verifies passwords.
    """

    def __init__(self, transaction: Transaction, source: Source, passwords: Passwords) -> None:
        self._bookings = BookingRepository(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._closing = CleaningService(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._profiles = ProfileRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._users = UserRepository(transaction)
        self._shown = UserReader(source)
        self._passwords = passwords

    async def register(self, draft: UserCreate) -> tuple[User, Profile]:
        """Makes an account and its profile.

        Raises:
            EmailTaken: Another account has the address.
            UsernameTaken: Another account has the name.
        """
        password_hash = await self._passwords.hash(draft.password)
        user = User(email=draft.email, username=draft.username, password_hash=password_hash)
        await self._users.add(user)
        profile = Profile(user_id=user.id, full_name=draft.full_name)
        self._profiles.add(profile)
        self._events.record(user.id, Subject.USER, user.id, EventKind.CREATED)
        return user, profile

    async def change(self, caller: Bearer, changes: UserUpdate, expected: ExpectedVersion) -> None:
        """Changes the caller's account; a new password ends all their other sessions.

        Raises:
            Unauthenticated: Their session has ended, or their account is blocked.
            PreconditionFailed: The account has changed meanwhile.
            WrongPassword: The current password is not right.
            EmailTaken: Another account has the address.
            UsernameTaken: Another account has the name.
        """
        values = changes.model_dump(include={"email", "username"}, exclude_unset=True)
        if changes.password is not None:
            current = await self._shown.password_hash(caller)
            if not await self._passwords.verify(changes.current_password, current):
                raise WrongPassword
            values["password_hash"] = await self._passwords.hash(changes.password)
        user = await self._users.caller_alone(caller)
        expected.demand(user.version)
        if changes.password is not None:
            if user.password_hash != current:
                raise WrongPassword
            await self._sessions.end_all(user.id, but=caller.session_id)
        if user.take_over(values):
            await self._users.save()
            self._events.record(user.id, Subject.USER, user.id, EventKind.EDITED)

    async def delete(self, caller: User) -> None:
        """Ends all that the caller has under way, and erases who they were.

        Args:
            caller: The account, which nothing else may use meanwhile.

        Raises:
            AccountInUse: They take part in a scheduled booking.
        """
        if await self._bookings.live_for(caller.id):
            raise AccountInUse
        under_way = await self._cleanings.lock_under_way(caller.id)
        posted = [cleaning for cleaning in under_way if cleaning.owner_id == caller.id]
        self._closing.cancel_all(caller, posted)
        for offer in await self._offers.withdraw_pending_of(caller.id):
            self._events.record(
                caller.id, Subject.OFFER, offer.id, EventKind.WITHDRAWN, offer.cleaning_id
            )
        await self._sessions.end_all(caller.id)
        profile = await self._profiles.lock(caller)
        profile.anonymise()
        caller.anonymise()
        self._events.record(caller.id, Subject.USER, caller.id, EventKind.DELETED)
