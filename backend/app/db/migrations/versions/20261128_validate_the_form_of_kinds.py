"""Validate the form of kinds.

Revision ID: e83a6b0d42c5
Revises: c92d7a35e841
Create Date: 2026-11-28 22:36:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "e83a6b0d42c5"
down_revision: str | None = "c92d7a35e841"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CONSTRAINTS = {
    "events": ("ck_events_subject", "ck_events_kind"),
    "audit": ("ck_audit_action",),
    "api_keys": ("ck_api_keys_scopes",),
}


def upgrade() -> None:
    for table, names in CONSTRAINTS.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    pass
