"""Uploads: their arrival, their end, and what the worker makes of them."""

from typing import NamedTuple
from uuid import UUID

from app.core.errors import TooManyRequests
from app.core.images import Refusal
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.kinds.uploads import UploadTask
from app.db.models.uploads import Arrived, Upload, UploadNotFound
from app.db.models.users import User
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.uploads import UploadRepository
from app.db.repositories.users import UserReader
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.photos import PhotoService
from app.services.safeguards import Safeguards


class Processed(NamedTuple):
    """The files that were made of an upload, and the size of the larger one in pixels."""

    large: str
    small: str
    width: int
    height: int


class UploadAdmission:
    """Decides whether an account may send a file, before its body is read.

    Args:
        source: The database.
        safeguards: The rate limits.
    """

    def __init__(self, source: Source, safeguards: Safeguards) -> None:
        self._throttles = ThrottleRepository(source, safeguards.keyring)
        self._users = UserReader(source)
        self._limit = safeguards.limits.uploads_per_account

    @raises(TooManyRequests)
    async def admit(self, caller: Bearer) -> None:
        """Checks the session of the caller, and counts an attempt.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        await self._users.role(caller)
        await self._throttles.take([Attempt(self._limit, ("account", str(caller.user_id)))])


class UploadService:
    """The use cases of uploads."""

    def __init__(self, transaction: Transaction) -> None:
        self._photos = PhotoService(transaction)
        self._tasks = TaskRepository(transaction)
        self._uploads = UploadRepository(transaction)

    def make(self, caller: User, arrived: Arrived) -> Upload:
        """Makes an upload of a file, which the worker processes after the commit."""
        upload = Upload(user_id=caller.id, media_type=arrived.media_type, original=arrived.name)
        self._uploads.add(upload)
        self._tasks.enqueue(UploadTask.PROCESS, {"upload_id": str(upload.id)})
        return upload

    @raises(UploadNotFound)
    async def delete(self, caller: User, upload_id: UUID) -> None:
        """Deletes an upload of the caller, also one that is shown."""
        held = await self._photos.lock(upload_id)
        if held is None or held.upload.user_id != caller.id:
            raise UploadNotFound
        held.others.remove(held.upload)
        self._photos.show(held)
        self._uploads.delete(upload_id)

    async def end(self, upload_id: UUID, outcome: Processed | Refusal) -> bool:
        """Records what has become of an upload, and has its original deleted.

        Returns:
            Whether the upload still waited for it; otherwise its user has deleted it meanwhile, or
            it was processed twice.
        """
        held = await self._photos.lock(upload_id)
        if held is None or held.upload.original is None:
            return False
        upload = held.upload
        self._tasks.enqueue(UploadTask.DELETE_FILES, {"names": [upload.original]})
        if isinstance(outcome, Refusal):
            upload.refuse(outcome)
            held.others.remove(upload)
        else:
            upload.finish(*outcome)
        self._photos.show(held)
        return True
