"""The text form of API keys, which programs send in place of access tokens."""

import secrets
from base64 import urlsafe_b64encode
from zlib import crc32

MARK = "cmk_"
"""The prefix of all keys, for secret scanners."""
CHECKSUM_SIZE = 6  # characters
PREFIX_SIZE = 12  # characters


def new_api_key() -> str:
    """A new key: the prefix, 256 random bits and a checksum."""
    marked = MARK + secrets.token_urlsafe(32)
    return marked + checksum(marked)


def is_well_formed(key: str) -> bool:
    """Whether the checksum of a key is right, which excludes mistyped and truncated keys."""
    return checksum(key[:-CHECKSUM_SIZE]) == key[-CHECKSUM_SIZE:]


def prefix(key: str) -> str:
    """The visible part of a key, by which users distinguish their keys."""
    return key[:PREFIX_SIZE]


def checksum(text: str) -> str:
    """The CRC-32 of a text, as text."""
    return urlsafe_b64encode(crc32(text.encode()).to_bytes(4)).decode().rstrip("=")
