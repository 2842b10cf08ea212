"""Let users block each other.

Revision ID: 5d0b7e42c9a6
Revises: 47c0d8f5a2b1
Create Date: 2026-11-29 21:00:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5d0b7e42c9a6"
down_revision: str | None = "47c0d8f5a2b1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("blocker_id <> blocked_id", name=op.f("ck_blocks_sides")),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"], name=op.f("fk_blocks_blocked_id")),
        sa.ForeignKeyConstraint(["blocker_id"], ["users.id"], name=op.f("fk_blocks_blocker_id")),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name=op.f("pk_blocks")),
    )
    columns = ["blocker_id", "created_at", "blocked_id"]
    op.create_index("ix_blocks_blocker_id", "blocks", columns)
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id", "blocker_id"])


def downgrade() -> None:
    op.drop_table("blocks")
