"""Find jobs by their category.

Revision ID: 4fc08ad63075
Revises: 3ebf79c52f64
Create Date: 2026-11-29 01:33:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "4fc08ad63075"
down_revision: str | None = "3ebf79c52f64"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "ix_cleanings_category": ["category", "status", "id"],
    "ix_cleanings_category_price": ["category", "status", "currency", "price", "id"],
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, columns in INDEXES.items():
            op.drop_index(name, "cleanings", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                "cleanings",
                columns,
                unique=False,
                postgresql_where=sa.text("deleted_at IS NULL"),
                if_not_exists=True,
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.drop_index(name, "cleanings", if_exists=True, postgresql_concurrently=True)
