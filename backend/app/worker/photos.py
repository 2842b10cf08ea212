"""Effects on the files of uploads: photos are made of them, and files are deleted."""

import json
import logging
import sys
from asyncio import create_subprocess_exec, timeout
from asyncio.subprocess import PIPE
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from app.core.images import ImageType, Refusal
from app.core.photo_store import FileMissing, PhotoStore, new_name
from app.db.models.fields import now
from app.db.repositories.photos import PhotoFileReader
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.services.uploads import Processed, UploadService

TIME_LIMIT = 45.0
"""Seconds for a picture, within the time limit of a task."""
LEFT_ALONE_FOR = timedelta(days=1)
"""How old a file without an upload is when it is deleted; a new one may await its upload."""
SWEPT_AT_ONCE = 1000

logger = logging.getLogger(__name__)


class NoDecoder(Exception):
    """The process that decodes pictures does not work."""


class Processing(NamedTuple):
    """The effect of making a photo of an upload.

    Args:
        upload_id: The upload.
        original: The name of its file.
        media_type: The type of that.
    """

    upload_id: UUID
    original: str
    media_type: ImageType


class Deletion(NamedTuple):
    """The effect of deleting files."""

    names: list[str]


class Sweep(NamedTuple):
    """The effect of deleting all files that belong to no upload."""


class Made(NamedTuple):
    """A photo in two sizes, and the size of the larger one in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


class PhotoFiles:
    """Carries out effects on files.

    Each may be carried out again after a failure. A file that is left over by a crash is swept.

    Args:
        database: Where the uploads are.
        store: Where the files are.
    """

    def __init__(self, database: Database, store: PhotoStore) -> None:
        self._database, self._store = database, store

    async def process(self, effect: Processing, _key: str) -> None:
        """Makes a photo of an upload, unless it is refused.

        Raises:
            NoDecoder, TimeoutError, OSError: It can't be made at present.
        """
        try:
            made = await photo_of(await self._store.read(effect.original), effect.media_type)
        except FileMissing:
            logger.error("The file of upload %s is missing", effect.upload_id)  # noqa: TRY400
            made = Refusal.DAMAGED
        if isinstance(made, Refusal):
            await self._end(effect.upload_id, made)
            return
        processed = Processed(new_name(), new_name(), made.width, made.height)
        files = {processed.large: made.large, processed.small: made.small}
        for name, content in files.items():
            async with self._store.put(name) as sink:
                await sink.write(content)
        if not await self._end(effect.upload_id, processed):
            await self.delete(Deletion(list(files)), "")

    async def _end(self, upload_id: UUID, outcome: Processed | Refusal) -> bool:
        async def work(transaction: Transaction) -> bool:
            return await UploadService(transaction).end(upload_id, outcome)

        return await self._database.run(work)

    async def delete(self, effect: Deletion, _key: str) -> None:
        """Deletes files.

        Raises:
            OSError: They can't be deleted at present.
        """
        for name in effect.names:
            await self._store.delete(name)

    async def sweep(self, _effect: Sweep, _key: str) -> None:
        """Deletes files that belong to no upload: the rest of crashes.

        Raises:
            OSError: They can't be deleted at present.
        """
        names = iter([name async for name in self._store.names(now() - LEFT_ALONE_FOR)])
        reader = PhotoFileReader(self._database)
        while some := list(islice(names, SWEPT_AT_ONCE)):
            unused = set(some) - await reader.used(some)
            await self.delete(Deletion(sorted(unused)), "")
            if unused:
                logger.info("Deleted %d files that belonged to no upload", len(unused))


async def photo_of(content: bytes, media_type: ImageType) -> Made | Refusal:
    """Makes a photo of a picture, in a process of its own.

    A picture that crashes its decoder, or exceeds its limits, is refused.

    Raises:
        NoDecoder: The process does not work.
        TimeoutError: It has not ended in time.
    """
    command = (sys.executable, "-m", "app.worker.images", media_type)
    process = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env={})
    try:
        async with timeout(TIME_LIMIT):
            output, _ = await process.communicate(content)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode and process.returncode < 0:
        logger.warning("A picture has ended its decoder by signal %d", -process.returncode)
        return Refusal.DAMAGED
    if process.returncode:
        raise NoDecoder
    line, _, files = output.partition(b"\n")
    said: dict[str, Any] = json.loads(line)
    if "refused" in said:
        return Refusal(said["refused"])
    large, _ = said["sizes"]
    return Made(files[:large], files[large:], said["width"], said["height"])
