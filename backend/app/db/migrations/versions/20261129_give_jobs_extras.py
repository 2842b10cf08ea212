"""Give jobs extras.

The constraints are validated by a later revision.

Revision ID: e4f8230b91c6
Revises: 7a13c5e9d2b0
Create Date: 2026-11-29 01:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "e4f8230b91c6"
down_revision: str | None = "7a13c5e9d2b0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKS = {
    "ck_cleanings_extras": "CASE jsonb_typeof(extras) WHEN 'array' "
    "THEN jsonb_array_length(extras) <= 20 ELSE false END",
    "ck_cleanings_extras_of_category": "category IS NOT NULL OR extras = '[]'",
}


def upgrade() -> None:
    op.add_column(
        "cleanings",
        sa.Column("extras", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "cleanings", condition, postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_column("cleanings", "extras")
