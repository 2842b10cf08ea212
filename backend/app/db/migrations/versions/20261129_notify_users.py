"""Notify users of events that concern them.

Revision ID: 5d0c84b2ae91
Revises: 9b3e51d07fa8
Create Date: 2026-11-29 14:20:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5d0c84b2ae91"
down_revision: str | None = "9b3e51d07fa8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind ~ '^[a-z_]+$'", name=op.f("ck_notifications_kind")),
        sa.CheckConstraint("position > 0", name=op.f("ck_notifications_position")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id")),
        sa.PrimaryKeyConstraint("user_id", "position", name=op.f("pk_notifications")),
    )
    op.create_index("ix_notifications_created_at", "notifications", ["created_at"])
    op.create_table(
        "notification_boxes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_mark", sa.BigInteger(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.CheckConstraint("read_mark >= 0", name=op.f("ck_notification_boxes_read_mark")),
        sa.CheckConstraint("unread >= 0", name=op.f("ck_notification_boxes_unread")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_boxes_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_boxes")),
    )


def downgrade() -> None:
    op.drop_table("notification_boxes")
    op.drop_table("notifications")
