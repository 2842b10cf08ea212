"""Queue background tasks in a table of their own name.

The release before writes and reads ``jobs``. The worker of this release moves the rows that are due
or have failed to ``tasks``. The next release drops ``jobs``.

Revision ID: 3f9d62b7c815
Revises: e83a6b0d42c5
Create Date: 2026-11-28 22:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "3f9d62b7c815"
down_revision: str | None = "e83a6b0d42c5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = "id, kind, payload, attempts, due_at, error, failed_at, created_at"
KINDS = (
    "'send_mail', 'verify_email', 'change_email', 'reset_password', 'password_changed', 'notice'"
)


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_tasks_attempts")),
        sa.CheckConstraint("kind ~ '^[a-z_]+$'", name=op.f("ck_tasks_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        "ix_tasks_due",
        "tasks",
        ["due_at", "id"],
        postgresql_where=sa.text("failed_at IS NULL"),
    )
    op.create_index(
        "ix_tasks_leased",
        "tasks",
        ["kind"],
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_index(
        "ix_tasks_failed", "tasks", ["id"], postgresql_where=sa.text("failed_at IS NOT NULL")
    )


def downgrade() -> None:
    op.execute(
        f"INSERT INTO jobs ({COLUMNS}) "  # noqa: S608 (constants)
        f"SELECT {COLUMNS} FROM tasks WHERE kind IN ({KINDS}) ON CONFLICT DO NOTHING"
    )
    op.drop_table("tasks")
