"""Find the bookings that are due, and those of two people.

Revision ID: 41f8ac07d63b
Revises: e70d6b92c3f5
Create Date: 2026-11-28 18:54:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "41f8ac07d63b"
down_revision: str | None = "e70d6b92c3f5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "ix_bookings_completed_sides": (
        ["owner_id", "cleaner_id", "ended_at"],
        "status = 'completed'",
    ),
    "ix_bookings_completes_at": (["completes_at"], "completes_at IS NOT NULL"),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (columns, condition) in INDEXES.items():
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                "bookings",
                columns,
                unique=False,
                if_not_exists=True,
                postgresql_concurrently=True,
                postgresql_where=sa.text(condition),
            )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="bookings", if_exists=True)
