"""Give jobs a category.

The constraint is validated by the next revision.

Revision ID: 2dae68b41e53
Revises: 1c9e57a30d42
Create Date: 2026-11-29 01:31:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "2dae68b41e53"
down_revision: str | None = "1c9e57a30d42"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEY = "fk_cleanings_category"


def upgrade() -> None:
    op.add_column("cleanings", sa.Column("category", sa.String(60, collation="C"), nullable=True))
    op.create_foreign_key(
        op.f(KEY), "cleanings", "categories", ["category"], ["slug"], postgresql_not_valid=True
    )


def downgrade() -> None:
    op.drop_constraint(op.f(KEY), "cleanings", type_="foreignkey")
    op.drop_column("cleanings", "category")
