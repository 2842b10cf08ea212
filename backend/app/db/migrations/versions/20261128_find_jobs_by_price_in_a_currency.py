"""Find jobs by their price in a currency.

The index without the currency stays: servers of the release before read by it.

Revision ID: c27f94e0d5a8
Revises: 8b3d60f5a1c7
Create Date: 2026-11-28 18:54:52.771390+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c27f94e0d5a8"
down_revision: str | None = "8b3d60f5a1c7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_cleanings_status_currency_price"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "cleanings",
            ["status", "currency", "price", "id"],
            unique=False,
            postgresql_where=sa.text("deleted_at IS NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, if_exists=True, postgresql_concurrently=True)
