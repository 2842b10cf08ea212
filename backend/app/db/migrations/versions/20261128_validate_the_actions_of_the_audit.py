"""Validate the actions of the audit.

Revision ID: 7c05e8a3b914
Revises: 2b7e4c9d1f60
Create Date: 2026-11-28 18:56:40.118230+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "7c05e8a3b914"
down_revision: str | None = "2b7e4c9d1f60"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE audit VALIDATE CONSTRAINT ck_audit_action")


def downgrade() -> None:
    pass
