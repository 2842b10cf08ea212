"""Let users choose which notifications are listed and mailed, and when.

Revision ID: b37c1e90a4d2
Revises: 6a20d8e4c917
Create Date: 2026-11-29 17:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "b37c1e90a4d2"
down_revision: str | None = "6a20d8e4c917"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("app", postgresql.JSONB(), nullable=False),
        sa.Column("mail", postgresql.JSONB(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("quiet_from", sa.String(), nullable=True),
        sa.Column("quiet_until", sa.String(), nullable=True),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT jsonb_path_exists(app, '$.* ? (@ != false)')",
            name=op.f("ck_notification_preferences_app"),
        ),
        sa.CheckConstraint(
            """NOT jsonb_path_exists(mail, '$.* ? (@ != "daily" && @ != "off")')""",
            name=op.f("ck_notification_preferences_mail"),
        ),
        sa.CheckConstraint(
            "app -> 'staff' IS NULL AND mail ->> 'staff' IS DISTINCT FROM 'off'",
            name=op.f("ck_notification_preferences_mandatory"),
        ),
        sa.CheckConstraint(
            "quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'"
            " AND quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'"
            " AND quiet_from <> quiet_until OR num_nonnulls(quiet_from, quiet_until) = 0",
            name=op.f("ck_notification_preferences_quiet"),
        ),
        sa.CheckConstraint(
            "digest_hour BETWEEN 0 AND 23", name=op.f("ck_notification_preferences_digest_hour")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_preferences_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_preferences")),
    )


def downgrade() -> None:
    op.drop_table("notification_preferences")
