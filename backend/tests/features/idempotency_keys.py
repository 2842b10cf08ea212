"""Idempotency keys, as the tests that hold for all features see them."""

from app.db.models.idempotency_keys import IdempotencyKey
from tests.features import Feature

FEATURE = Feature(
    load="""
INSERT INTO idempotency_keys (hash, user_id, used_at, expires_at)
SELECT id::text::bytea, id, now(), now() FROM users;
""",
    expiring={
        IdempotencyKey: lambda _, ended_at: {
            "hash": str(ended_at).encode(),
            "used_at": ended_at,
            "expires_at": ended_at,
        },
    },
)
