"""Files in the bodies of requests, which are stored while they arrive."""

import hashlib
import logging
from asyncio import timeout
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from uuid import UUID

from starlette.requests import Request

from app.core.errors import (
    BodyIncomplete,
    BodyTooSlow,
    ContentTooLarge,
    Unavailable,
)
from app.core.images import LONGEST_SIGNATURE, ImageType
from app.core.photo_store import PhotoStore, new_name
from app.db.models.uploads import Arrived, NotAnImage
from app.http.bodies import BodyLimit, demand_small, media_type_sent, unsupported
from app.postgres.faults import OutcomeUnknown

logger = logging.getLogger(__name__)

OF_FILES = BodyLimit(15_000_000, 120.0)
"""The limits of a body with a file."""
BUFFER_SIZE = 256 * 1024
"""Bytes of a file that are held in memory before they are written."""
AT_ONCE = 8
"""How many files a process receives at the same time."""
AT_ONCE_PER_ACCOUNT = 2
"""How many of them may be of one account."""
TOO_MANY = "Too many uploads at the same time. Please try again in a moment."
NOT_STORED = "The file can't be stored at present. Please try again later."


class ReceivingPlaces:
    """A limit for the files that a process receives at the same time."""

    def __init__(self) -> None:
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def taken(self, user_id: UUID) -> Iterator[None]:
        """Context manager that takes a place for an account.

        Raises:
            Unavailable: None is left.
        """
        if self._taken.total() >= AT_ONCE or self._taken[user_id] >= AT_ONCE_PER_ACCOUNT:
            raise Unavailable(TOO_MANY)
        self._taken[user_id] += 1
        try:
            yield
        finally:
            self._taken[user_id] -= 1
            if not self._taken[user_id]:
                del self._taken[user_id]


class Arrivals(list[Arrived]):
    """Files that have arrived with a request."""

    used = False
    """Whether something belongs to them now."""


@asynccontextmanager
async def arriving(store: PhotoStore) -> AsyncIterator[Arrivals]:
    """Context manager for files, which are deleted at its end unless they are used.

    If it is not known whether a transaction was committed, `sweep_files` decides later.

    Args:
        store: Where they are stored.
    """
    files = Arrivals()
    try:
        yield files
    except OutcomeUnknown:
        files.used = True
        raise
    finally:
        if not files.used:
            for file in files:
                await store.delete(file.name)


@asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """Context manager for receiving a body.

    Args:
        seconds: How long that may take.

    Raises:
        BodyTooSlow: It takes longer.
    """
    try:
        async with timeout(seconds):
            yield
    except TimeoutError:
        raise BodyTooSlow from None


def demand_image(request: Request) -> ImageType:
    """The media type of a body that is a picture, of a permitted size as far as it is stated.

    Raises:
        UnsupportedMediaType: The `Content-Type` is missing, or another.
        ContentTooLarge: The `Content-Length` is too large.
    """
    media_type = media_type_sent(request)
    if media_type not in set(ImageType):
        raise unsupported(", ".join(ImageType))
    demand_small(request.scope, OF_FILES.size)
    return ImageType(media_type)


async def body_of(request: Request) -> AsyncIterator[bytes]:
    """The body of a request, as it arrives.

    Raises:
        BodyIncomplete: It ends early.
    """
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise BodyIncomplete
        more = bool(message.get("more_body"))
        yield message.get("body", b"")


async def receive_file(
    content: AsyncIterator[bytes], store: PhotoStore, stated: ImageType | None = None
) -> Arrived:
    """Stores a file while it arrives.

    Args:
        content: The file.
        store: Where to.
        stated: The type that it must have; by default any.

    Raises:
        NotAnImage: It has another type.
        ContentTooLarge: It exceeds the limit.
        Unavailable: It can't be stored.
    """
    name, digest = new_name(), hashlib.sha256()
    parts = _buffered(content)
    part = await anext(parts)
    media_type = type_of(part[:LONGEST_SIGNATURE], stated)
    try:
        async with store.put(name) as sink:
            while part:
                digest.update(part)
                await sink.write(part)
                part = await anext(parts, b"")
    except OSError as error:
        logger.error("A file can't be stored: %s", error.strerror)  # noqa: TRY400 (no traceback)
        raise Unavailable(NOT_STORED) from error
    return Arrived(name, media_type, digest.digest())


def type_of(beginning: bytes, stated: ImageType | None) -> ImageType:
    """The type of a file by its first bytes.

    Raises:
        NotAnImage: It is none, or another than the stated one.
    """
    for media_type in [stated] if stated else ImageType:
        if media_type.matches(beginning):
            return media_type
    raise NotAnImage(field="")


async def _buffered(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A file of a permitted size in parts of the size of the buffer: at least one."""
    buffer, size = bytearray(), 0
    async for part in content:
        size += len(part)
        if size > OF_FILES.size:
            raise ContentTooLarge
        buffer += part
        if len(buffer) >= BUFFER_SIZE:
            yield bytes(buffer)
            buffer.clear()
    if buffer or not size:
        yield bytes(buffer)
