"""Index the actors of events, and accounts with an overdue verification.

Revision ID: a6f20d9c81b3
Revises: 7d25a9c0e613
Create Date: 2026-11-21 07:20:31.118402+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a6f20d9c81b3"
down_revision: str | None = "7d25a9c0e613"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_events_actor_id", "events", ["actor_id", "id"], unique=False)
    op.create_index(
        "ix_users_pending_until",
        "users",
        ["pending_until"],
        unique=False,
        postgresql_where=sa.text("pending_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_users_pending_until", table_name="users")
    op.drop_index("ix_events_actor_id", table_name="events")
