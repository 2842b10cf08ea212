"""Demand the keys of accounts.

Revision ID: f26a93c1e8d4
Revises: e15f82a6d97b
Create Date: 2026-11-28 19:05:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "f26a93c1e8d4"
down_revision: str | None = "e15f82a6d97b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS = ("username_key", "email_key")


def upgrade() -> None:
    for name in (*KEYS, "keyed"):
        op.execute(f"ALTER TABLE users VALIDATE CONSTRAINT ck_users_{name}")
    for key in KEYS:
        op.alter_column("users", key, nullable=False)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\nALTER TABLE users DROP CONSTRAINT ck_users_keyed"
    )


def downgrade() -> None:
    for key in KEYS:
        op.alter_column("users", key, nullable=True)
