"""Freed usernames, as the tests that hold for all features see them."""

from app.db.models.freed_usernames import FreedUsername
from tests.features import Feature

FEATURE = Feature(
    load="""
INSERT INTO freed_usernames (name_hash, user_id, ends_at)
SELECT id::text::bytea, id, now() FROM users;
""",
    expiring={
        FreedUsername: lambda user_id, ended_at: {
            "name_hash": str(ended_at).encode(),
            "user_id": user_id,
            "ends_at": ended_at,
        },
    },
)
