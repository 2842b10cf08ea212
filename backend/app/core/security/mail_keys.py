"""Keys of mails with a signature, by which a report about a mail shows that it was sent from here.

A signature is valid for one recipient. So those who get a mail can't suppress others.
"""

import hmac

from app.core.names import email_key
from app.core.security.keys import Keyring

PURPOSE = "mails"
SEAL_SIZE = 16  # bytes


def signed(keyring: Keyring, key: str, recipient: str) -> str:
    """The key of a mail with its signature, for the Message-ID (RFC 5322, 3.6.4)."""
    return f"{key}.{_seals(keyring, key, recipient)[0]}"


def is_signed(keyring: Keyring, text: str, recipient: str) -> bool:
    """Whether a key was signed here for a mail to a recipient."""
    key, _, seal = text.rpartition(".")
    given = seal.encode()
    return any(hmac.compare_digest(given, it.encode()) for it in _seals(keyring, key, recipient))


def _seals(keyring: Keyring, key: str, recipient: str) -> list[str]:
    data = f"{key}\n{email_key(recipient)}".encode()
    return [it[:SEAL_SIZE].hex() for it in keyring.hmacs(PURPOSE, data)]
