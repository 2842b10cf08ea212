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


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def many_scans(side: int, number: int) -> bytes:
    """A progressive JPEG of a few bytes for each scan, each of which goes over all of its pixels.

    Its Huffman tables have a single code each: no difference of a DC coefficient, and a run of at
    least 16,384 blocks without AC coefficients (ITU-T T.81, G.1.2.2).

    Args:
        side: The width and the height, in pixels.
        number: The number of scans.
    """
    blocks = (-(-side // 8)) ** 2
    runs = -(-blocks // 32767)
    bits = "0" + "1" * 14  # the code, and the length of the run beyond the least
    padded = (bits * runs).ljust(-(-len(bits) * runs // 8) * 8, "1")
    content = int(padded, 2).to_bytes(len(padded) // 8, "big").replace(b"\xff", b"\xff\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x01\x3f\x00") + content
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xDB, b"\x00" + b"\x01" * 64),
            segment(0xC2, struct.pack(">BHHB", 8, side, side, 1) + b"\x01\x11\x00"),
            segment(0xC4, b"\x00\x01" + bytes(15) + b"\x00"),
            segment(0xC4, b"\x10\x01" + bytes(15) + b"\xe0"),
            segment(0xDA, b"\x01\x01\x00\x00\x00\x00") + bytes(-(-blocks // 8)),
            scan * number,
            b"\xff\xd9",
        ]
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
