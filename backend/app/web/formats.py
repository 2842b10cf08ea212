"""How texts for machines, and signs of people, are written on pages."""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from app.core.formats import KEPT

HUES = 8
MOST_DIGITS = 19
"""The digits of a whole number, of which those of PostgreSQL have no more."""


def parse_number(text: str) -> int | None:
    """The number that a text is; None if it is none, or has too many digits for any use."""
    is_number = len(text) <= MOST_DIGITS and text.removeprefix("-").isdecimal()
    return int(text) if is_number else None


def iso(at: datetime) -> str:
    """A time for a machine, as HTML takes it."""
    return at.isoformat(timespec="seconds")


def mail_link(address: str) -> str:
    """The URL of an email address (RFC 6068), in which no part of it counts as fields of a mail."""
    return f"mailto:{quote(address, safe='@')}"


@lru_cache(KEPT)
def initials(name: str) -> str:
    """One or two letters that stand for a person."""
    words = name.replace("-", " ").replace("_", " ").split() or ["?"]
    return "".join(word[0] for word in [words[0], *words[1:][-1:]]).upper()


@lru_cache(KEPT)
def hue(name: str) -> int:
    """The number of a colour for a person, for a class: the CSP forbids inline styles."""
    return sha256(name.encode()).digest()[0] % HUES
