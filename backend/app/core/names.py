"""Comparison keys of names and email addresses; the only place that normalises them.

PostgreSQL and Python have different versions of Unicode, so the database compares keys that are
computed here, bytewise. Keys of assigned characters are the same in every version (the stability
policies of Unicode); email addresses with unassigned characters are refused.
"""

import re
from unicodedata import normalize

import idna

LONGEST = 320
"""The number of significant characters: more than any name or email address may have."""

SPACES = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The characters with the property White_Space, for a character class of a regular expression."""

BIDI_CONTROLS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""The characters with the property Bidi_Control."""

FILLERS = (
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\\ufeff\\uffa0\\ufff0-\\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
"""Invisible characters without a function in words."""

JOINERS = "\\u180b-\\u180d\\u180f\\u200c\\u200d\\ufe00-\\ufe0f\U000e0100-\U000e0fff"
"""Invisible characters that change the appearance of their neighbours."""

IGNORED = re.compile(f"[{BIDI_CONTROLS}{FILLERS}{JOINERS}]")
"""Approximately the property Default_Ignorable_Code_Point."""


def text_key(text: str) -> str:
    """The comparison key of a name or a short text.

    Two texts have the same key if they are a compatibility caseless match (Unicode, D146), apart
    from invisible characters and from the number and kind of spaces.
    """
    text = folded(text[:LONGEST])
    if not text.isascii():
        text = normalize("NFKC", IGNORED.sub("", text))
    return " ".join(text.split())


def folded(text: str) -> str:
    """The compatibility caseless form of a text (Unicode, D146)."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKD", normalize("NFD", text).casefold()).casefold())


def composed(text: str) -> str:
    """The text with composed characters (NFC), since keyboards enter umlauts differently."""
    return normalize("NFC", text)


def email_key(email: str) -> str:
    """The comparison key of an email address.

    The domain is encoded as in DNS (IDNA 2008, mapped by UTS #46), the local part like a name.
    """
    local, at, domain = email[:LONGEST].strip().rpartition("@")
    return f"{text_key(local)}{at}{_domain_key(domain)}"


def login_key(name: str) -> str:
    """The key of a login name: an email address or a username."""
    return email_key(name) if "@" in text_key(name) else text_key(name)


def mailbox_key(email: str) -> str:
    """The key of the mailbox of an email address: without a subaddress (RFC 5233)."""
    local, at, domain = email_key(email).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def _domain_key(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:  # an invalid domain, which no account has
        return text_key(domain)
