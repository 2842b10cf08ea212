"""The handlers of tasks about the files of uploads."""

from datetime import timedelta
from uuid import UUID

from app.db.models.kinds.uploads import UploadTask
from app.db.models.tasks import RetryPolicy
from app.db.repositories.uploads import UploadRepository
from app.worker.context import Payload, TaskContext, TaskHandler
from app.worker.photos import Deletion, Processing, Sweep

AT_ONCE = 2
"""Pictures that are processed at the same time in the cluster: each takes a core and memory."""
SOON = RetryPolicy(timedelta(seconds=2), timedelta(minutes=10), attempts=16)


async def process(context: TaskContext, payload: Payload) -> list[Processing]:
    """Makes a photo of the upload ``upload_id``, unless it was deleted meanwhile."""
    upload = await UploadRepository(context.transaction).find(UUID(payload["upload_id"]))
    if upload is None or upload.original is None:
        return []
    return [Processing(upload.id, upload.original, upload.media_type)]


async def delete_files(_: TaskContext, payload: Payload) -> list[Deletion]:
    """Deletes the files ``names``."""
    return [Deletion(payload["names"])]


async def sweep(_: TaskContext, __: Payload) -> list[Sweep]:
    """Deletes all files that belong to no upload."""
    return [Sweep()]


HANDLERS = {
    UploadTask.PROCESS: TaskHandler(process, limit=AT_ONCE, retry=SOON),
    UploadTask.DELETE_FILES: TaskHandler(delete_files),
    UploadTask.SWEEP: TaskHandler(sweep, limit=1, cron="57 3 * * *"),
}
