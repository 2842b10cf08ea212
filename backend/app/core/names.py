"""How names are compared: the one place that normalises them.

PostgreSQL and Python follow different versions of Unicode, so the database compares keys that are
made here, as bytes. Keys of assigned characters are the same in every version (the stability
policies of Unicode); addresses with unassigned characters are refused.
"""

import re
from unicodedata import normalize

import idna

LONGEST = 320
"""How many characters of a text count: more than any name or address may have."""

SPACES = r"\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""The characters with the property White_Space, for a character class of a regular expression."""

BIDI_CONTROLS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""The characters with the property Bidi_Control."""

FILLERS = (
    r"\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164"
    "\\ufeff\\uffa0\\ufff0-\\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
)
"""Characters that show nothing and that no word needs."""

JOINERS = "\\u180b-\\u180d\\u180f\\u200c\\u200d\\ufe00-\\ufe0f\U000e0100-\U000e0fff"
"""Characters that show nothing by themselves, but change how their neighbours look."""

IGNORED = re.compile(f"[{BIDI_CONTROLS}{FILLERS}{JOINERS}]")
"""About the property Default_Ignorable_Code_Point."""


def text_key(text: str) -> str:
    """The key by which a name or a short text is compared.

    Two texts have the same key if they are a compatibility caseless match (Unicode, D146), apart
    from characters that show nothing, and from the number and kind of spaces.
    """
    text = folded(text[:LONGEST])
    if not text.isascii():
        text = normalize("NFKC", IGNORED.sub("", text))
    return " ".join(text.split())


def folded(text: str) -> str:
    """Text of which all compatibility caseless matches are the same (Unicode, D146)."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKD", normalize("NFD", text).casefold()).casefold())


def composed(text: str) -> str:
    """Text with composed characters (NFC): keyboards differ in how they enter an umlaut."""
    return normalize("NFC", text)


def email_key(email: str) -> str:
    """The key by which an email address is compared.

    The domain is compared as DNS has it (IDNA 2008, mapped by UTS #46), the rest as a name.
    """
    local, at, domain = email[:LONGEST].strip().rpartition("@")
    return f"{text_key(local)}{at}{_domain_key(domain)}"


def login_key(name: str) -> str:
    """The key of what somebody logs in with: an email address, or else a username."""
    return email_key(name) if "@" in text_key(name) else text_key(name)


def mailbox_key(email: str) -> str:
    """The key of the mailbox behind an address: without a subaddress (RFC 5233)."""
    local, at, domain = email_key(email).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def _domain_key(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:  # no domain: no account has it
        return text_key(domain)
