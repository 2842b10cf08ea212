"""Files in the bodies of requests, which are stored while they arrive."""

import hashlib
import logging
from asyncio import timeout
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

from starlette.requests import Request

from app.core.errors import (
    BodyIncomplete,
    BodyTooSlow,
    ContentTooLarge,
    Unavailable,
    UnsupportedMediaType,
)
from app.core.images import LONGEST_SIGNATURE, ImageType
from app.core.photo_store import PhotoStore, new_name
from app.db.models.uploads import Arrived, NotAnImage
from app.http.bodies import BodyLimit, demand_small

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


def demand_image(request: Request) -> ImageType:
    """The media type of a body that is a picture, of a permitted size as far as it is stated.

    Raises:
        UnsupportedMediaType: The `Content-Type` is missing, or another.
        ContentTooLarge: The `Content-Length` is too large.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type not in set(ImageType):
        raise UnsupportedMediaType(
            "The Content-Type of the request body must be {accepted}.",
            values={"accepted": ", ".join(ImageType)},
        )
    demand_small(request.scope, OF_FILES.size)
    return ImageType(content_type)


async def receive_file(request: Request, media_type: ImageType, store: PhotoStore) -> Arrived:
    """Stores the body of a request while it arrives.

    Args:
        request: The request. The `digest` in its state becomes that of the body.
        media_type: The type that it must have.
        store: Where to.

    Raises:
        NotAnImage: It has another type.
        ContentTooLarge, BodyTooSlow, BodyIncomplete: It exceeds a limit, or ends early.
        Unavailable: It can't be stored.
    """
    name, digest = new_name(), hashlib.sha256(media_type.encode())
    try:
        async with timeout(OF_FILES.seconds), store.put(name) as sink:
            async for part in _parts(request, media_type):
                digest.update(part)
                await sink.write(part)
    except TimeoutError:
        raise BodyTooSlow from None
    except OSError as error:
        logger.error("A file can't be stored: %s", error.strerror)  # noqa: TRY400 (no traceback)
        raise Unavailable(NOT_STORED) from error
    request.scope["state"]["digest"] = digest.digest()
    return Arrived(name, media_type)


def demand_type(media_type: ImageType, beginning: bytearray) -> None:
    """Refuses a file that does not begin like one of its type.

    Raises:
        NotAnImage: It does not.
    """
    if not media_type.matches(bytes(beginning)):
        raise NotAnImage(field="")


async def _parts(request: Request, media_type: ImageType) -> AsyncIterator[bytes]:
    """The body in parts of the size of the buffer, within its limits."""
    buffer, size, more = bytearray(), 0, True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise BodyIncomplete
        part, more = message.get("body", b""), bool(message.get("more_body"))
        size += len(part)
        buffer += part
        if size > OF_FILES.size:
            raise ContentTooLarge
        if size == len(buffer) and (size >= LONGEST_SIGNATURE or not more):
            demand_type(media_type, buffer[:LONGEST_SIGNATURE])
        if buffer and (len(buffer) >= BUFFER_SIZE or not more):
            yield bytes(buffer)
            buffer.clear()
