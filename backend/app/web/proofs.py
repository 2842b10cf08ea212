"""A name and a password on their way to the second page of a login, which asks for a code.

They are encrypted, valid for five minutes, and bound to the browser that has sent them. So the
password is typed once, and neither a cookie nor the database has it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from time import time

import orjson

from app.core.clients import Client
from app.core.security.keys import Keyring, NotOurs

PURPOSE = "logins in two steps"
VALID_FOR = 300  # seconds


def proof_of(keyring: Keyring, client: Client, username: str, password: str) -> str:
    """The name and the password of a login, encrypted."""
    content = orjson.dumps([username, password, int(time()) + VALID_FOR])
    return urlsafe_b64encode(keyring.encrypt(PURPOSE, content, _bound_to(client))).decode()


def read_proof(keyring: Keyring, client: Client, proof: str) -> tuple[str, str] | None:
    """The name and the password in a proof; None if it is of another browser, or too old."""
    try:
        encrypted = urlsafe_b64decode(proof)
        content = orjson.loads(keyring.decrypt(PURPOSE, encrypted, _bound_to(client)))
    except (NotOurs, ValueError):
        return None
    username, password, valid_until = content
    return (username, password) if time() <= valid_until else None


def _bound_to(client: Client) -> bytes:
    return f"{client.site}\n{client.device}".encode()
