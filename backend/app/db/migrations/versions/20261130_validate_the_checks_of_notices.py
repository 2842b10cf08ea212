"""Check that each report has a reporter or a notifier.

Revision ID: 1da84c6f7e29
Revises: 93b6a1f40d7c
Create Date: 2026-11-30 00:33:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "1da84c6f7e29"
down_revision: str | None = "93b6a1f40d7c"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("reporter", "reference", "notifier", "notifier_language"):
        op.execute(f"ALTER TABLE reports VALIDATE CONSTRAINT ck_reports_{name}")


def downgrade() -> None:
    pass
