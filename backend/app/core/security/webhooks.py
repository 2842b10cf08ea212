"""Secrets and signatures of webhooks (Standard Webhooks, https://www.standardwebhooks.com)."""

import hmac
import secrets
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime

MARK = "whsec_"
"""The prefix of all secrets, for secret scanners."""
SECRET_SIZE = 32  # bytes


def new_secret() -> bytes:
    """A new secret: 256 random bits."""
    return secrets.token_bytes(SECRET_SIZE)


def secret_text(secret: bytes) -> str:
    """The text form of a secret."""
    return MARK + b64encode(secret).decode()


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message: HMAC-SHA-256 of its id, its time and its body.

    Args:
        secret: The secret.
        message_id: The id of the message.
        timestamp: The time of the attempt, in seconds since 1970.
        body: The body.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(secret, signed, "sha256")).decode()


def signed_headers(
    secrets: Iterable[bytes], message_id: str, moment: datetime, body: bytes
) -> dict[str, str]:
    """The header fields of a message, with a signature for each secret.

    Args:
        secrets: The present secret, and the previous one during a rotation.
        message_id: The id of the message, the same for each attempt.
        moment: The time of the attempt.
        body: The body.
    """
    timestamp = int(moment.timestamp())
    signatures = (signature(secret, message_id, timestamp, body) for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
