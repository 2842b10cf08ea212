"""Schedule tasks by the clock.

Revision ID: 91c4e05ab7d2
Revises: 3f9d62b7c815
Create Date: 2026-11-28 22:55:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "91c4e05ab7d2"
down_revision: str | None = "3f9d62b7c815"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "task_schedules",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("cron", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind ~ '^[a-z_]+$'", name=op.f("ck_task_schedules_kind")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_task_schedules")),
    )


def downgrade() -> None:
    op.drop_table("task_schedules")
