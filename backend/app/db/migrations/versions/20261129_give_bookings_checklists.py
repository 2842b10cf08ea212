"""Give bookings checklists.

The constraint is validated by the next revision.

Revision ID: 2d86b0f417ae
Revises: e4f8230b91c6
Create Date: 2026-11-29 01:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "2d86b0f417ae"
down_revision: str | None = "e4f8230b91c6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "bookings",
        sa.Column("checklist", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_bookings_checklist"),
        "bookings",
        "jsonb_typeof(checklist) = 'array'",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_column("bookings", "checklist")
