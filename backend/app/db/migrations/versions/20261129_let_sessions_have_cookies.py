"""Let sessions have cookies.

Revision ID: c81f4e07a9d3
Revises: c4e17a9b0d36
Create Date: 2026-11-29 06:35:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c81f4e07a9d3"
down_revision: str | None = "c4e17a9b0d36"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("cookie_hash", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("sessions", "cookie_hash")
