"""Validate the languages of bookings.

Revision ID: d6e2917c40fb
Revises: 5f0c8a1e7b32
Create Date: 2026-11-29 02:01:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "d6e2917c40fb"
down_revision: str | None = "5f0c8a1e7b32"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE bookings VALIDATE CONSTRAINT ck_bookings_language")


def downgrade() -> None:
    pass
