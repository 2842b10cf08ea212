"""Store when each notification is mailed.

Revision ID: e7a40d95c3b2
Revises: d15a8b3f60c7
Create Date: 2026-11-29 19:25:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "e7a40d95c3b2"
down_revision: str | None = "d15a8b3f60c7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE notifications ADD COLUMN mail varchar(32) NOT NULL DEFAULT 'off', "
        "ADD CONSTRAINT ck_notifications_mail CHECK (mail IN ('at_once', 'daily', 'off')) NOT VALID"
    )


def downgrade() -> None:
    op.drop_column("notifications", "mail")
