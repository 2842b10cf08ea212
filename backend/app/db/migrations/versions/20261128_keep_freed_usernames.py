"""Keep freed usernames from others.

Revision ID: a7c4e2d19f53
Revises: 41f8ac07d63b
Create Date: 2026-11-28 19:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a7c4e2d19f53"
down_revision: str | None = "41f8ac07d63b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "freed_usernames",
        sa.Column("name_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_freed_usernames_user_id")),
        sa.PrimaryKeyConstraint("name_hash", name=op.f("pk_freed_usernames")),
    )
    op.create_index("ix_freed_usernames_ends_at", "freed_usernames", ["ends_at"], unique=False)
    op.create_index("ix_freed_usernames_user_id", "freed_usernames", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("freed_usernames")
