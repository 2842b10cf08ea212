"""Let persons without an account appeal.

Revision ID: 7e05d2c98b41
Revises: c4f19e7b2a60
Create Date: 2026-11-30 00:31:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7e05d2c98b41"
down_revision: str | None = "c4f19e7b2a60"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "-- squawk-ignore ban-drop-not-null\nALTER TABLE appeals ALTER COLUMN user_id DROP NOT NULL"
    )


def downgrade() -> None:
    op.execute("DELETE FROM appeals WHERE user_id IS NULL")
    op.alter_column("appeals", "user_id", existing_type=sa.Uuid(), nullable=False)
