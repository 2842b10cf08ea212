"""Give bookings a language: that of their terms and their checklist.

The constraint is validated by the next revision.

Revision ID: 5f0c8a1e7b32
Revises: 5a8c13e7d0b2
Create Date: 2026-11-29 02:00:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5f0c8a1e7b32"
down_revision: str | None = "5a8c13e7d0b2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("language", sa.String(2), nullable=True))
    op.create_check_constraint(
        op.f("ck_bookings_language"),
        "bookings",
        "language ~ '^[a-z]{2}$'",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_column("bookings", "language")
