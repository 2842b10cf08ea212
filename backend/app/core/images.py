"""Pictures that users may upload, and the photos that are made of them.

The process that decodes pictures imports nothing else of the service.
"""

from enum import StrEnum

LONGEST_SIGNATURE = 12
"""Bytes from which each type is recognised."""
MOST_PIXELS = 40_000_000
"""The largest number of pixels of a picture."""
LARGE, SMALL = 1600, 480
"""The longest sides of the two sizes of a photo, in pixels."""


class Refusal(StrEnum):
    """The reason why no photo can be made of a picture."""

    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"


class ImageType(StrEnum):
    """The media type of a picture (RFC 9110, 8.3.1)."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"

    def matches(self, beginning: bytes) -> bool:
        """Whether a file of this type may begin like this.

        Args:
            beginning: The first bytes, `LONGEST_SIGNATURE` unless the file is shorter.
        """
        if self is ImageType.WEBP:  # RFC 9649, 2.4
            return beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP"
        return beginning.startswith(_SIGNATURES[self])


_SIGNATURES = {ImageType.JPEG: b"\xff\xd8\xff", ImageType.PNG: b"\x89PNG\r\n\x1a\n"}
