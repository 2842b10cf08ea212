"""Delete links with the session that asked for them.

Links that change an address, and jobs that would mail them, are deleted once: those from before
don't say which session asked for them.

Revision ID: 31c7e0a94d52
Revises: c27f94e0d5a8
Create Date: 2026-11-28 18:50:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "31c7e0a94d52"
down_revision: str | None = "c27f94e0d5a8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("links", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_links_session_id"),
        "links",
        "sessions",
        ["session_id"],
        ["id"],
        ondelete="CASCADE",
        postgresql_not_valid=True,
    )
    op.execute("DELETE FROM links WHERE purpose = 'change_email'")
    op.execute("DELETE FROM jobs WHERE kind = 'change_email'")


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'change_email'")
    op.drop_column("links", "session_id")
