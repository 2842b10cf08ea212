"""Let users open their profile to visitors who are not logged in.

Revision ID: 5e90c7a1d34b
Revises: 7d2b90e5c4f8
Create Date: 2026-11-29 07:32:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5e90c7a1d34b"
down_revision: str | None = "7d2b90e5c4f8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "profiles",
        sa.Column("is_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("profiles", "is_public")
