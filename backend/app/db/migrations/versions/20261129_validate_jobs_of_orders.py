"""Validate the constraint of jobs that come from orders.

Revision ID: 7b42e9d5a816
Revises: 3f8a61c0d2e5
Create Date: 2026-11-29 01:21:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "7b42e9d5a816"
down_revision: str | None = "3f8a61c0d2e5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE cleanings VALIDATE CONSTRAINT ck_cleanings_ordered")


def downgrade() -> None:
    pass
