"""``python -m app.worker.images TYPE``: makes a photo of a picture, from stdin to stdout.

Pictures come from anyone, and their decoders are written in C. So each is decoded in a process of
its own, with limits of memory and time, that has neither settings nor a connection. A fault of
the picture is a refusal, with status 0; any other failure, such as that of an import, is a fault of
the installation.

The output is a line of JSON, followed by the files whose sizes it states: the photo, and the same
in the smaller size. If the picture is refused, the line states the reason alone.
"""

import json
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps
from PIL.WebPImagePlugin import WebPImageFile

from app.core.images import LARGE, MOST_PIXELS, SMALL, ImageType, Refusal

MEMORY = 1 << 30  # bytes of address space
SECONDS = 10
"""CPU time, four times as much as the largest photographs take. A JPEG of a few bytes can ask for
thousands of passes over all of its pixels."""
QUALITY = 80
FORMATS = {ImageType.JPEG: "JPEG", ImageType.PNG: "PNG", ImageType.WEBP: WebPImageFile.format}
REDUCING_GAP = 2.0
"""How much larger than the photo a picture is at least when it is scaled with full quality."""


class Refused(Exception):
    """No photo can be made of the picture.

    Args:
        reason: The reason.
    """

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason


def photo_of(content: bytes, media_type: ImageType) -> tuple[Image.Image, Image.Image]:
    """Makes a photo in two sizes: the first frame, upright, in sRGB, without metadata.

    Args:
        content: The picture.
        media_type: Its type; no other decoder is tried.

    Raises:
        Refused: It is damaged, or has too many pixels.
    """
    Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is higher
    try:
        picture = Image.open(BytesIO(content), formats=[FORMATS[media_type]])
        demand_few_pixels(picture)
        picture.draft("RGB", (LARGE, LARGE))  # JPEG is decoded in a smaller size
        photo = in_srgb(picture)
        photo.thumbnail((LARGE, LARGE), reducing_gap=REDUCING_GAP)
        ImageOps.exif_transpose(photo, in_place=True)
    except (Refused, MemoryError):
        raise
    except Exception as error:
        raise Refused(Refusal.DAMAGED) from error
    photo.info.clear()
    small = photo.copy()
    small.thumbnail((SMALL, SMALL), reducing_gap=REDUCING_GAP)
    return photo, small


def demand_few_pixels(picture: Image.Image) -> None:
    """Refuses a picture by its header, before it is decoded.

    Raises:
        Refused: It has too many pixels.
    """
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(Refusal.TOO_MANY_PIXELS)


def in_srgb(picture: Image.Image) -> Image.Image:
    """The pixels of a picture in sRGB; with transparency if it has any."""
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        # A profile that is not valid counts as none.
        with suppress(ImageCms.PyCMSError, OSError):
            found = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, found, ImageCms.createProfile("sRGB"), outputMode=mode
            )
            if converted:
                converted.info["exif"] = picture.info.get("exif", b"")
                return converted
    if picture.mode.startswith("I;16"):  # `convert` would clip values instead of scaling them
        return picture.point(lambda value: value / 256).convert("L").convert(mode)
    return picture.convert(mode)


def encoded(photo: Image.Image) -> bytes:
    """A photo in WebP."""
    file = BytesIO()
    photo.save(file, "WEBP", quality=QUALITY)
    return file.getvalue()


def answer(content: bytes, media_type: ImageType) -> bytes:
    """The output for a picture."""
    try:
        large, small = photo_of(content, media_type)
        files = encoded(large), encoded(small)
    except Refused as refused:
        return _line(refused=refused.reason)
    except MemoryError:
        return _line(refused=Refusal.TOO_MANY_PIXELS)
    sizes = [len(file) for file in files]
    return b"".join([_line(width=large.width, height=large.height, sizes=sizes), *files])


def _line(**content: Any) -> bytes:
    return json.dumps(content).encode() + b"\n"


def main() -> None:
    """Reads a picture, and writes the photo."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), ImageType(sys.argv[1])))


if __name__ == "__main__":
    main()
