"""Validate the languages of jobs.

Revision ID: 5b0d81e6f2a9
Revises: 3f6a92c4d7e1
Create Date: 2026-11-29 01:31:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "5b0d81e6f2a9"
down_revision: str | None = "3f6a92c4d7e1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE cleanings VALIDATE CONSTRAINT ck_cleanings_language")


def downgrade() -> None:
    pass
