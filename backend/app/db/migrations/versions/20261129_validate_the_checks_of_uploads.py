"""Validate the checks of the things that uploads belong to.

Revision ID: e7052bd83f1a
Revises: c41e7a96d0b5
Create Date: 2026-11-29 22:31:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "e7052bd83f1a"
down_revision: str | None = "c41e7a96d0b5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("attached_once", "expires", "placed", "message", "message_place"):
        op.execute(f"ALTER TABLE uploads VALIDATE CONSTRAINT ck_uploads_{name}")


def downgrade() -> None:
    pass
