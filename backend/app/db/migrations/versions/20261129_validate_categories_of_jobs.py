"""Validate the categories of jobs.

Revision ID: 3ebf79c52f64
Revises: 2dae68b41e53
Create Date: 2026-11-29 01:32:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "3ebf79c52f64"
down_revision: str | None = "2dae68b41e53"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE cleanings VALIDATE CONSTRAINT fk_cleanings_category")


def downgrade() -> None:
    pass
