"""Hiding of photos by staff."""

from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import Grounds
from app.db.models.kinds.hiding import HidingAction
from app.db.models.uploads import UploadNotFound
from app.db.models.users import RankTooLow
from app.db.repositories.administration import AdministrationRepository
from app.db.repositories.hiding import UPLOADER
from app.postgres.transactions import Transaction
from app.services.photos import Held, PhotoService
from app.services.staff_acts import StaffActs


class PhotoHidingService:
    """The use cases of hiding a photo and of showing it again.

    Hiding a hidden photo, or showing a visible one, changes nothing and is no error. The audit
    records it all the same. An upload has no events, since its row is deleted with it.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = AdministrationRepository(transaction)
        self._acts = StaffActs(transaction, client)
        self._photos = PhotoService(transaction)

    @raises(UploadNotFound, RankTooLow)
    async def hide(self, caller: Bearer, upload_id: UUID, grounds: Grounds) -> None:
        """Hides a photo: its files are gone, and nothing shows it."""
        held = await self._lock(caller, upload_id)
        held.upload.hide()
        self._record(HidingAction.PHOTO_HIDDEN, caller, held, grounds)

    @raises(UploadNotFound, RankTooLow)
    async def show(self, caller: Bearer, upload_id: UUID, grounds: Grounds | None) -> None:
        """Shows a photo again."""
        held = await self._lock(caller, upload_id)
        held.upload.show()
        self._record(HidingAction.PHOTO_SHOWN, caller, held, grounds)

    async def _lock(self, caller: Bearer, upload_id: UUID) -> Held:
        staff, accounts = await self._accounts.lock_concerned(caller, UPLOADER, upload_id=upload_id)
        held = await self._photos.lock(upload_id)
        if held is None:
            raise UploadNotFound
        staff.demand_rank_over(accounts[held.upload.user_id])
        return held

    def _record(
        self, action: HidingAction, caller: Bearer, held: Held, grounds: Grounds | None
    ) -> None:
        self._photos.show(held)
        upload = held.upload
        self._acts.record(action, caller, upload.user_id, grounds, upload_id=str(upload.id))
