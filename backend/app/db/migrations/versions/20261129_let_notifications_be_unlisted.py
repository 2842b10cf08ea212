"""Let notifications be mailed only, and not listed.

Revision ID: c92e07f4b1a8
Revises: b37c1e90a4d2
Create Date: 2026-11-29 17:45:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c92e07f4b1a8"
down_revision: str | None = "b37c1e90a4d2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "notifications",
        sa.Column("listed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("notifications", "listed")
