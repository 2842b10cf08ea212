"""Note when jobs end.

Revision ID: 6a1f0c3d7b52
Revises: 3f7a91c0d2e8
Create Date: 2026-11-29 17:50:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "6a1f0c3d7b52"
down_revision: str | None = "3f7a91c0d2e8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("cleanings", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("-- squawk-ignore ban-drop-column\nALTER TABLE cleanings DROP COLUMN ended_at")
