"""Validate the languages of accounts.

Revision ID: c40b6f18e9d7
Revises: 93e1c7a25d04
Create Date: 2026-11-29 07:51:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "c40b6f18e9d7"
down_revision: str | None = "93e1c7a25d04"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE users VALIDATE CONSTRAINT ck_users_language")


def downgrade() -> None:
    pass
