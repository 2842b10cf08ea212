"""The response with an export of personal data."""

import gzip
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from starlette.responses import StreamingResponse

PIECE = 100_000  # bytes
EXPORT_SECONDS = 600.0
"""How long a client may take to read an export, which may be very large."""


def unpacked(content: BinaryIO) -> Iterator[bytes]:
    """Decompresses gzip, in chunks."""
    with gzip.open(content) as file:
        while piece := file.read(PIECE):
            yield piece


def export_response(
    content: BinaryIO | None, headers: Mapping[str, str] | None = None
) -> StreamingResponse:
    """The response with an export, as a file.

    Args:
        content: The export, compressed by gzip; None for the headers alone.
        headers: Further headers.
    """
    return StreamingResponse(
        iter(()) if content is None else unpacked(content),
        media_type="application/json",
        headers={**(headers or {}), "Content-Disposition": 'attachment; filename="export.json"'},
    )
