"""Hiding of photos by staff."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import DecidedGrounds, Grounds, RestrictionGrounds
from app.db.models.cleanings import Cleaning
from app.db.models.kinds import EventKind
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.hiding import HidingAction
from app.db.models.kinds.packages import PackageEvent
from app.db.models.kinds.profiles import ProfileEvent
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.packages import Package
from app.db.models.profiles import Profile
from app.db.models.threads import Thread, ThreadKey
from app.db.models.uploads import UploadNotFound
from app.db.models.users import RankTooLow
from app.db.repositories.administration import AdministrationRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.hiding import UPLOADER
from app.db.repositories.threads import ThreadRepository
from app.postgres.transactions import Transaction
from app.services.photos import Held, PhotoService
from app.services.staff_acts import StaffActs

EVENTS: Mapping[type, type[EventKind]] = {
    Cleaning: CleaningEvent,
    Package: PackageEvent,
    Profile: ProfileEvent,
}
"""The events of what a photo is attached to."""


class LockedPhoto(NamedTuple):
    """A locked photo.

    Args:
        held: The upload, with what it is attached to.
        thread: The thread of the message that it belongs to; None if it belongs to none.
    """

    held: Held
    thread: Thread | None


class PhotoHidingService:
    """The use cases of hiding a photo and of showing it again: one locks it before.

    Hiding a hidden photo, or showing a visible one, changes nothing and is no error. The audit
    records it all the same. The event is one of what the photo is attached to: the row of an upload
    is deleted with it.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = AdministrationRepository(transaction)
        self._acts = StaffActs(transaction, client)
        self._events = EventRepository(transaction)
        self._photos = PhotoService(transaction)
        self._threads = ThreadRepository(transaction)

    @raises(UploadNotFound, RankTooLow)
    async def lock(self, caller: Bearer, upload_id: UUID) -> LockedPhoto:
        """Locks the accounts concerned, and a photo with what it is attached to."""
        staff, accounts = await self._accounts.lock_concerned(caller, UPLOADER, upload_id=upload_id)
        held = await self._photos.lock(upload_id)
        if held is None:
            raise UploadNotFound
        staff.demand_rank_over(accounts[held.upload.user_id])
        upload, thread = held.upload, None
        if upload.message_cleaning_id:
            key = ThreadKey(upload.message_cleaning_id, upload.message_cleaner_id)
            thread = await self._threads.find(key)
        return LockedPhoto(held, thread)

    def hide(
        self, caller: Bearer, photo: LockedPhoto, grounds: RestrictionGrounds | DecidedGrounds
    ) -> None:
        """Hides a photo: its files are gone, and nothing shows it."""
        changed = photo.held.upload.hide()
        self._record(HidingAction.PHOTO_HIDDEN, caller, photo, grounds, changed=changed)

    def show(self, caller: Bearer, photo: LockedPhoto, grounds: Grounds | None) -> None:
        """Shows a photo again."""
        changed = photo.held.upload.show()
        self._record(HidingAction.PHOTO_SHOWN, caller, photo, grounds, changed=changed)

    def _record(
        self,
        action: HidingAction,
        caller: Bearer,
        photo: LockedPhoto,
        grounds: Grounds | None,
        *,
        changed: bool,
    ) -> None:
        self._photos.show(photo.held)
        upload, thing, thread = photo.held.upload, photo.held.thing, photo.thread
        facts = grounds.facts if grounds else {}
        if changed and thing is not None:
            thing_id = thing.user_id if isinstance(thing, Profile) else thing.id
            kind = EVENTS[type(thing)](action)
            self._events.record(caller.user_id, kind, thing_id, upload.cleaning_id, **facts)
        elif changed and thread is not None:
            facts = {"sender_id": str(upload.user_id), **facts}
            kind = ThreadEvent(action)
            self._events.record_within(thread.place, caller.user_id, kind, thread.id, **facts)
        self._acts.record(action, caller, upload.user_id, grounds, upload_id=str(upload.id))
