"""Let threads refer to orders with their cleaners.

Revision ID: 2f4b7c91d0e3
Revises: f18c3b6d07a9
Create Date: 2026-11-29 21:00:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "2f4b7c91d0e3"
down_revision: str | None = "f18c3b6d07a9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_orders_id_cleaner_id", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "uq_orders_id_cleaner_id",
            "orders",
            ["id", "cleaner_id"],
            unique=True,
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("uq_orders_id_cleaner_id", if_exists=True, postgresql_concurrently=True)
