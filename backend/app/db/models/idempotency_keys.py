"""Idempotency keys: by them callers say of a request that they have sent it before."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.core.errors import Conflict, Invalid
from app.db.models.fields import moment_field
from app.postgres.rows import Row

HEADER = "Idempotency-Key"
KEY = "^[!-~]{1,255}$"
"""The form of a key."""
KEPT_FOR = timedelta(hours=24)
"""For how long a request is answered as it was the first time."""


class IdempotencyKeyInUse(Conflict):
    code = "idempotency_key_in_use"
    detail = "A request with this Idempotency-Key is in progress. Try again in a moment."
    retry_after = 1


class IdempotencyKeyReused(Invalid):
    code = "idempotency_key_reused"
    detail = "This Idempotency-Key was used for another request. Use a new key for each request."

    def __init__(self) -> None:
        super().__init__(field=HEADER, location="header")


class KeyedRequest(NamedTuple):
    """A request that was sent with a key.

    Args:
        user_id: The account of the caller; None if the caller is anonymous.
        caller: An identifier of the caller.
        key: The key.
        content: The whole content of the request.
    """

    user_id: UUID | None
    caller: str
    key: str
    content: bytes

    @property
    def hash(self) -> bytes:
        """The hash of the caller and the key, independent of the secret of the service."""
        return sha256(f"{self.caller} {self.key}".encode()).digest()


class Answer(NamedTuple):
    """The response to a request."""

    status: int
    headers: Mapping[str, str]
    body: str


class IdempotencyKey(Row, table=True):
    """A used key, with the response to its request.

    The response is encrypted, and can be decrypted for the same request only.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        Index("ix_idempotency_keys_user_id", "user_id"),  # to erase those of a user
        Index("ix_idempotency_keys_expires_at", "expires_at"),  # to delete expired keys
    )

    hash: bytes = Field(primary_key=True)
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    answer: bytes | None = None
    used_at: datetime = moment_field()
    expires_at: datetime = moment_field()
