"""Responses with the files of photos."""

from collections.abc import Mapping

from starlette.responses import Response

from app.core.photo_store import FileMissing, PhotoStore
from app.db.models.photos import PhotoNotFound

MEDIA_TYPE = "image/webp"
SAFE = {
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


async def photo_response(
    store: PhotoStore, name: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The response with a file.

    Args:
        store: Where it is.
        name: Its name.
        headers: Further headers.

    Raises:
        PhotoNotFound: There is none.
    """
    try:
        content = await store.read(name)
    except FileMissing:
        raise PhotoNotFound from None
    return Response(content, headers={**SAFE, **(headers or {})}, media_type=MEDIA_TYPE)
