"""Suppress mail of notifications to accounts whose mailbox refuses it.

Revision ID: 3f7a91c0d2e8
Revises: 6e3a4f10b7d2
Create Date: 2026-11-29 18:35:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "3f7a91c0d2e8"
down_revision: str | None = "6e3a4f10b7d2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_suppressions_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_suppressions")),
    )
    op.create_index("ix_suppressions_created_at", "suppressions", ["created_at"])


def downgrade() -> None:
    op.drop_table("suppressions")
