"""Let jobs come from orders: such a job is booked from the beginning and never open.

Revision ID: 3f8a61c0d2e5
Revises: f60b3c81d9a4
Create Date: 2026-11-29 01:20:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "3f8a61c0d2e5"
down_revision: str | None = "f60b3c81d9a4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "cleanings",
        sa.Column("ordered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_cleanings_ordered"),
        "cleanings",
        "NOT ordered OR status IN ('booked', 'completed', 'cancelled')",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_cleanings_ordered"), "cleanings", type_="check")
    op.drop_column("cleanings", "ordered")
