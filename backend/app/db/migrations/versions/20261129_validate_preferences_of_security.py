"""Validate the CHECK of the preferences of security.

Revision ID: a81d5c3e9f74
Revises: 4c9e21f7b06d
Create Date: 2026-11-29 22:41:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "a81d5c3e9f74"
down_revision: str | None = "4c9e21f7b06d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE notification_preferences "
        "VALIDATE CONSTRAINT ck_notification_preferences_unmailed"
    )


def downgrade() -> None:
    pass
