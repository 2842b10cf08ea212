"""Find notices by their reference and their thing, and what expires of them.

Revision ID: 93b6a1f40d7c
Revises: 7e05d2c98b41
Create Date: 2026-11-30 00:32:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "93b6a1f40d7c"
down_revision: str | None = "7e05d2c98b41"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COPIES = "content IS NOT NULL OR words IS NOT NULL"


def build(name: str, table: str, column: str, condition: str) -> None:
    op.drop_index(name, if_exists=True, postgresql_concurrently=True)
    op.create_index(
        name,
        table,
        [column],
        unique=name.startswith("uq_"),
        postgresql_where=sa.text(condition) if condition else None,
        if_not_exists=True,
        postgresql_concurrently=True,
    )


def upgrade() -> None:
    with op.get_context().autocommit_block():
        build("uq_reports_reference", "reports", "reference", "")
        build("ix_reports_path", "reports", "path", "reporter_id IS NULL AND decisions = 0")
        copies = f"{COPIES} OR notifier_email IS NOT NULL"
        build("ix_reports_decided_at", "reports", "decided_at", copies)
        words = "user_id IS NULL AND words IS NOT NULL"
        build("ix_appeals_of_notifiers", "appeals", "decision_id", words)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in ("uq_reports_reference", "ix_reports_path", "ix_appeals_of_notifiers"):
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
        build("ix_reports_decided_at", "reports", "decided_at", COPIES)
