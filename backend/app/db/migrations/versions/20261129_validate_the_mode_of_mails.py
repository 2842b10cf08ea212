"""Validate the CHECK of the mode of mails.

Revision ID: f18c3b6d07a9
Revises: e7a40d95c3b2
Create Date: 2026-11-29 19:26:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "f18c3b6d07a9"
down_revision: str | None = "e7a40d95c3b2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE notifications VALIDATE CONSTRAINT ck_notifications_mail")


def downgrade() -> None:
    pass
