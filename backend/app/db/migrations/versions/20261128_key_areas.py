"""Key areas: a column for the key by which the area of a job is compared.

Revision ID: d09e63b7c548
Revises: c7d24e9f1a36
Create Date: 2026-11-28 19:03:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d09e63b7c548"
down_revision: str | None = "c7d24e9f1a36"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("cleanings", sa.Column("area_key", sa.String(collation="C"), nullable=True))


def downgrade() -> None:
    op.drop_column("cleanings", "area_key")
