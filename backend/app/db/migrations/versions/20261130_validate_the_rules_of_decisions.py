"""Validate the CHECK of the rules of decisions.

Revision ID: 1d8e5b30c9a7
Revises: 7c4a1f92d6b3
Create Date: 2026-11-30 04:41:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "1d8e5b30c9a7"
down_revision: str | None = "7c4a1f92d6b3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE decisions VALIDATE CONSTRAINT ck_decisions_rule")


def downgrade() -> None:
    pass
