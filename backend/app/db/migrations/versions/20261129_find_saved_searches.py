"""Find saved searches by keys.

Revision ID: 6e3a4f10b7d2
Revises: 6e2b90d4c8a1
Create Date: 2026-11-29 18:10:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "6e3a4f10b7d2"
down_revision: str | None = "6e2b90d4c8a1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "saved_search_keys"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("key", sa.String(collation="C"), nullable=False),
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["saved_searches.id"],
            name=op.f("fk_saved_search_keys_search_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "search_id", name=op.f("pk_saved_search_keys")),
    )
    op.create_index("ix_saved_search_keys_search_id", TABLE, ["search_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
