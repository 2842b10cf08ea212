"""Remember when receivers of webhooks were slow.

Revision ID: 7e42b9d0c3a8
Revises: e58c07a2f41d
Create Date: 2026-11-30 04:35:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7e42b9d0c3a8"
down_revision: str | None = "e58c07a2f41d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    column = sa.Column("slow_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("webhook_endpoints", column)


def downgrade() -> None:
    op.drop_column("webhook_endpoints", "slow_at")
