"""Mail notifications.

Revision ID: d15a8b3f60c7
Revises: c92e07f4b1a8
Create Date: 2026-11-29 17:50:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d15a8b3f60c7"
down_revision: str | None = "c92e07f4b1a8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "notification_mails",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('at_once', 'daily', 'off')", name=op.f("ck_notification_mails_mode")
        ),
        sa.CheckConstraint("mode <> 'off'", name=op.f("ck_notification_mails_is_wanted")),
        sa.CheckConstraint(
            "0 < first_position AND first_position <= last_position",
            name=op.f("ck_notification_mails_positions"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_mails_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "mode", name=op.f("pk_notification_mails")),
    )
    op.create_index("ix_notification_mails_due_at", "notification_mails", ["due_at"])


def downgrade() -> None:
    op.drop_table("notification_mails")
