"""Show photos of packages.

Revision ID: 0c86d15b93fa
Revises: b7314f0ea2d8
Create Date: 2026-11-29 06:52:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0c86d15b93fa"
down_revision: str | None = "b7314f0ea2d8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "packages",
        sa.Column("photos", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE subject = 'package' AND kind = 'photos_changed'")
    op.drop_column("packages", "photos")
