"""Pictures that tests send: real ones, made by Pillow, and what only looks like one."""

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
CAMERA = "Canary Camera"
PLACE = ((52.0, 31.0, 12.0), (13.0, 24.0, 18.0))
RED, GREEN, BLUE = (200, 30, 40), (30, 180, 60), (20, 60, 200)


def halves(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red, and its right half blue."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height))
    return picture.convert(mode)


def file_of(picture: Image.Image, media_type: str = JPEG, **options: Any) -> bytes:
    """A picture as a file."""
    file = BytesIO()
    picture.save(file, FORMATS[media_type], **options)
    return file.getvalue()


@cache
def picture(media_type: str = JPEG, width: int = 64, height: int = 48) -> bytes:
    """A small picture as a file."""
    return file_of(halves(width, height), media_type)


def from_camera(width: int = 64, height: int = 48, orientation: int = 1) -> bytes:
    """A picture of a camera, with the place where it was taken, and how it was held."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Model] = CAMERA
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
    gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLongitude] = PLACE
    return file_of(halves(width, height), JPEG, exif=exif, comment=b"Canary comment")


def with_profile() -> bytes:
    """A picture in another colour space than sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return file_of(halves(64, 48), JPEG, icc_profile=profile.tobytes())


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims a size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    content = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + content + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
