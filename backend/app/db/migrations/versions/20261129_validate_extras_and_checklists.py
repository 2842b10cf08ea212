"""Validate the constraints of the extras of jobs and of the checklists of bookings.

Revision ID: b1907ce35f4d
Revises: 2d86b0f417ae
Create Date: 2026-11-29 01:40:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "b1907ce35f4d"
down_revision: str | None = "2d86b0f417ae"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CONSTRAINTS = {
    "cleanings": ("ck_cleanings_extras", "ck_cleanings_extras_of_category"),
    "bookings": ("ck_bookings_checklist",),
}


def upgrade() -> None:
    for table, names in CONSTRAINTS.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    pass
