"""Key full names: a column for the key by which staff finds them.

Revision ID: c7d24e9f1a36
Revises: b3a1f0c45d21
Create Date: 2026-11-28 19:02:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c7d24e9f1a36"
down_revision: str | None = "b3a1f0c45d21"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("profiles", sa.Column("full_name_key", sa.String(collation="C"), nullable=True))


def downgrade() -> None:
    op.drop_column("profiles", "full_name_key")
