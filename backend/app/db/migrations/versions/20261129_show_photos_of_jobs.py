"""Show photos of jobs.

Revision ID: b7314f0ea2d8
Revises: 5a9d02c7e4f1
Create Date: 2026-11-29 06:51:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "b7314f0ea2d8"
down_revision: str | None = "5a9d02c7e4f1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "cleanings",
        sa.Column("photos", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE subject = 'cleaning' AND kind = 'photos_changed'")
    op.drop_column("cleanings", "photos")
