"""Find jobs by their start and their area, and live bookings by their sides.

Revision ID: 9c1d5b7e2a40
Revises: f60e660f0150
Create Date: 2026-11-21 03:40:12.318274+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "9c1d5b7e2a40"
down_revision: str | None = "f60e660f0150"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index(
        "ix_cleanings_area",
        table_name="cleanings",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_cleanings_area",
        "cleanings",
        [sa.literal_column("lower(area)"), "status", "id"],
        unique=False,
    )
    op.create_index(
        "ix_bookings_scheduled_sides",
        "bookings",
        ["owner_id", "cleaner_id"],
        unique=False,
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.create_index(
        "ix_cleanings_status_starts_at",
        "cleanings",
        ["status", "starts_at"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_cleanings_status_starts_at",
        table_name="cleanings",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_bookings_scheduled_sides",
        table_name="bookings",
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.drop_index("ix_cleanings_area", table_name="cleanings")
    op.create_index(
        "ix_cleanings_area",
        "cleanings",
        [sa.literal_column("lower(area)"), "status", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
