"""Profiles: editing them."""

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.versions import ExpectedVersion
from app.db.models.kinds.profiles import ProfileEvent
from app.db.models.profiles import ProfileUpdate
from app.db.models.users import User
from app.db.repositories.events import EventRepository
from app.db.repositories.profiles import ProfileRepository
from app.postgres.transactions import Transaction


class ProfileService:
    """The use cases of profiles."""

    def __init__(self, transaction: Transaction) -> None:
        self._events = EventRepository(transaction)
        self._profiles = ProfileRepository(transaction)

    @raises(PreconditionFailed)
    async def edit(self, caller: User, changes: ProfileUpdate, expected: ExpectedVersion) -> None:
        """Changes the profile of the caller."""
        profile = await self._profiles.lock(caller.id)
        expected.demand(profile.version)
        if profile.edit(changes):
            self._events.record(caller.id, ProfileEvent.EDITED, caller.id)
