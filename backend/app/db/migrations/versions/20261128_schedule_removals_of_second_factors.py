"""Schedule removals of second factors, and tie prepared ones to their session.

Revision ID: 42d8f1ba5e63
Revises: 31c7e0a94d52
Create Date: 2026-11-28 18:51:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "42d8f1ba5e63"
down_revision: str | None = "31c7e0a94d52"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKS = {
    "prepared": "session_id IS NULL OR confirmed_at IS NULL",
    "removal": "(removal_id IS NULL) = (removal_due_at IS NULL) "
    "AND (removal_id IS NULL OR confirmed_at IS NOT NULL)",
}


def upgrade() -> None:
    op.add_column("second_factors", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.add_column("second_factors", sa.Column("removal_id", sa.Uuid(), nullable=True))
    op.add_column(
        "second_factors", sa.Column("removal_due_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_foreign_key(
        op.f("fk_second_factors_session_id"),
        "second_factors",
        "sessions",
        ["session_id"],
        ["id"],
        ondelete="CASCADE",
        postgresql_not_valid=True,
    )
    for name, condition in CHECKS.items():
        op.create_check_constraint(
            op.f(f"ck_second_factors_{name}"),
            "second_factors",
            condition,
            postgresql_not_valid=True,
        )


def downgrade() -> None:
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_second_factors_{name}"), "second_factors", type_="check")
    for name in ("removal_due_at", "removal_id", "session_id"):
        op.drop_column("second_factors", name)
