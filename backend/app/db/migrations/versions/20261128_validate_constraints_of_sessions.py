"""Validate the constraints of sessions and what belongs to them.

Revision ID: 972de60fa3b8
Revises: 861cd5fe92a7
Create Date: 2026-11-28 18:56:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "972de60fa3b8"
down_revision: str | None = "861cd5fe92a7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CONSTRAINTS = (
    ("links", "fk_links_session_id"),
    ("second_factors", "fk_second_factors_session_id"),
    ("second_factors", "ck_second_factors_prepared"),
    ("second_factors", "ck_second_factors_removal"),
    ("jobs", "ck_jobs_kind"),
    ("audit", "ck_audit_action"),
)


def upgrade() -> None:
    for table, constraint in CONSTRAINTS:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def downgrade() -> None:
    pass
