"""Keys for signatures and encryption, derived from the secret of the installation."""

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
    """Data that were not signed or encrypted by this installation for this purpose."""


class Keyring:
    """The keys of an installation, with the previous ones during a change of the secret.

    Signatures and ciphertexts are made with the present key, and accepted of both. Each purpose
    has its own keys.

    Args:
        present: The secret of the installation.
        previous: The previous secret, if any.
    """

    def __init__(self, present: str, previous: str = "") -> None:
        self._secrets = [present, previous] if previous else [present]
        self.keys = cache(self._derive)
        """The keys for a purpose by their public ids, the present one first."""

    def _derive(self, purpose: str) -> dict[bytes, bytes]:
        return {
            derive_key(secret, "key ids")[:ID_SIZE]: derive_key(secret, purpose)
            for secret in self._secrets
        }

    def hmacs(self, purpose: str, data: bytes) -> list[bytes]:
        """The keyed hashes (HMAC-SHA-256) of data.

        Returns:
            The hash with the present key first, which is the one to store.
        """
        return [hmac.digest(key, data, "sha256") for key in self.keys(purpose).values()]

    def disguise(self, purpose: str, name: str) -> bytes:
        """A keyed hash of a name or an address: recognisable, but not readable."""
        return self.hmacs(purpose, name.encode())[0]

    def sign(self, purpose: str, data: bytes) -> str:
        """The data with a signature, as text for a URL."""
        seal = self.hmacs(purpose, data)[0][:SEAL_SIZE]
        return urlsafe_b64encode(data + seal).decode().rstrip("=")

    def unsign(self, purpose: str, text: str) -> bytes:
        """Verifies signed data.

        Raises:
            NotOurs: They were not signed for this purpose.
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
            purpose: The purpose of the key.
            data: The plaintext.
            bound_to: Associated data: the ciphertext is invalid with any other.
        """
        key_id, key = next(iter(self.keys(purpose).items()))
        nonce = os.urandom(NONCE_SIZE)
        return key_id + nonce + AESGCM(key).encrypt(nonce, data, bound_to)

    def is_present(self, purpose: str, encrypted: bytes) -> bool:
        """Whether data were encrypted with the present key."""
        return encrypted.startswith(next(iter(self.keys(purpose))))

    def decrypt(self, purpose: str, encrypted: bytes, bound_to: bytes) -> bytes:
        """Decrypts data.

        Raises:
            NotOurs: They were not encrypted for this purpose, with these associated data.
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
    """An independent key per purpose, derived from a secret (HKDF, RFC 5869)."""
    return HKDF(SHA256(), KEY_SIZE, salt=None, info=purpose.encode()).derive(secret.encode())
