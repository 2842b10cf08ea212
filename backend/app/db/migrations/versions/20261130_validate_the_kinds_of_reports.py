"""Validate the CHECKs of the kinds of reports.

Revision ID: e58c07a2f41d
Revises: b3d91e60c8f5
Create Date: 2026-11-30 03:51:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "e58c07a2f41d"
down_revision: str | None = "b3d91e60c8f5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("kind", "reporter"):
        op.execute(f"ALTER TABLE reports VALIDATE CONSTRAINT ck_reports_{name}")


def downgrade() -> None:
    pass
