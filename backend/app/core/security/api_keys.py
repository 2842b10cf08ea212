"""API keys as texts: what programs send in place of access tokens."""

import secrets
from base64 import urlsafe_b64encode
from zlib import crc32

MARK = "cmk_"
"""What each key begins with: scanners for leaked secrets look for it."""
CHECKSUM_SIZE = 6  # characters
PREFIX_SIZE = 12  # characters


def new_api_key() -> str:
    """Returns 256 random bits as text, with a mark before them and a checksum behind."""
    marked = MARK + secrets.token_urlsafe(32)
    return marked + checksum(marked)


def is_well_formed(key: str) -> bool:
    """Whether a text may be a key: its checksum tells one that was mistyped or cut off."""
    return checksum(key[:-CHECKSUM_SIZE]) == key[-CHECKSUM_SIZE:]


def prefix(key: str) -> str:
    """The part of a key that may be shown, to tell keys apart."""
    return key[:PREFIX_SIZE]


def checksum(text: str) -> str:
    """The CRC-32 of a text, as text."""
    return urlsafe_b64encode(crc32(text.encode()).to_bytes(4)).decode().rstrip("=")
