"""The keys that the service signs and encrypts with, all made out of its secret."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ID_SIZE = 6  # bytes
NONCE_SIZE = 12  # bytes
SEAL_SIZE = 16  # bytes
KEY_SIZE = 32  # bytes


class NotOurs(ValueError):
    """What was to be decrypted was encrypted by somebody else, for something else, or changed."""


class Keyring:
    """The keys of an installation, of which there may be two while its secret is being changed.

    What is signed or encrypted is so by the present key; what the key before it has signed or
    encrypted is still known. Each purpose has keys of its own.

    Args:
        present: The secret of the installation.
        previous: Its secret before, if that is not forgotten yet.
    """

    def __init__(self, present: str, previous: str = "") -> None:
        self._secrets = [present, previous] if previous else [present]
        self.keys = cache(self._derive)
        """The keys for a purpose by their ids, which tell nothing of them; the present first."""

    def _derive(self, purpose: str) -> dict[bytes, bytes]:
        return {
            derive_key(secret, "key ids")[:ID_SIZE]: derive_key(secret, purpose)
            for secret in self._secrets
        }

    def hmacs(self, purpose: str, data: bytes) -> list[bytes]:
        """The keyed hashes (HMAC-SHA-256) by which something may be kept.

        Returns:
            That of the present key first, which is the one to keep.
        """
        return [hmac.digest(key, data, "sha256") for key in self.keys(purpose).values()]

    def disguise(self, purpose: str, name: str) -> bytes:
        """What stands for a name, such as an address: it can be recognised, but not read."""
        return self.hmacs(purpose, name.encode())[0]

    def sign(self, purpose: str, data: bytes) -> str:
        """Returns the data with what shows that they come from here, as text for a URL."""
        seal = self.hmacs(purpose, data)[0][:SEAL_SIZE]
        return urlsafe_b64encode(data + seal).decode().rstrip("=")

    def unsign(self, purpose: str, text: str) -> bytes:
        """Returns data that were signed for the same purpose.

        Raises:
            NotOurs: They weren't.
        """
        try:
            signed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError as error:
            raise NotOurs from error
        data, seal = signed[:-SEAL_SIZE], signed[-SEAL_SIZE:]
        seals = [right[:SEAL_SIZE] for right in self.hmacs(purpose, data)]
        if not any(hmac.compare_digest(seal, right) for right in seals):
            raise NotOurs
        return data

    def encrypt(self, purpose: str, data: bytes, bound_to: bytes) -> bytes:
        """Encrypts data (AES-256-GCM).

        Args:
            purpose: What they are for.
            data: What is kept secret.
            bound_to: Whatever it belongs to: nobody can pass it off as that of another.
        """
        key_id, key = next(iter(self.keys(purpose).items()))
        nonce = os.urandom(NONCE_SIZE)
        return key_id + nonce + AESGCM(key).encrypt(nonce, data, bound_to)

    def decrypt(self, purpose: str, encrypted: bytes, bound_to: bytes) -> bytes:
        """Returns what was encrypted for the same purpose, and bound to the same.

        Raises:
            NotOurs: It wasn't.
        """
        key_id, rest = encrypted[:ID_SIZE], encrypted[ID_SIZE:]
        key = self.keys(purpose).get(key_id)
        if key is None or len(rest) < NONCE_SIZE:
            raise NotOurs
        try:
            return AESGCM(key).decrypt(rest[:NONCE_SIZE], rest[NONCE_SIZE:], bound_to)
        except InvalidTag as error:
            raise NotOurs from error


def derive_key(secret: str, purpose: str) -> bytes:
    """Makes one independent key per purpose out of the secret of the installation (RFC 5869)."""
    return HKDF(SHA256(), KEY_SIZE, salt=None, info=purpose.encode()).derive(secret.encode())
