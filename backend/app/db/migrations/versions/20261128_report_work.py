"""Report work: when it was, and when it is completed without an answer.

Revision ID: c59e20d7a1b6
Revises: 8b3d417fe052
Create Date: 2026-11-28 18:52:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c59e20d7a1b6"
down_revision: str | None = "8b3d417fe052"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIDES = ("owner", "cleaner")


def allow_to_cancel(roles: Sequence[str]) -> None:
    listed = ", ".join(repr(role) for role in roles)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE bookings DROP CONSTRAINT ck_bookings_cancelled_by"
    )
    op.create_check_constraint(
        op.f("ck_bookings_cancelled_by"),
        "bookings",
        f"cancelled_by IN ({listed})",
        postgresql_not_valid=True,
    )


def upgrade() -> None:
    for name in ("reported_at", "completes_at"):
        op.add_column("bookings", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_bookings_completes_at"),
        "bookings",
        "(completes_at IS NOT NULL) = (reported_at IS NOT NULL AND status = 'scheduled')",
        postgresql_not_valid=True,
    )
    allow_to_cancel((*SIDES, "clock"))


def downgrade() -> None:
    op.execute("UPDATE bookings SET cancelled_by = 'owner' WHERE cancelled_by = 'clock'")
    allow_to_cancel(SIDES)
    op.drop_constraint(op.f("ck_bookings_completes_at"), "bookings", type_="check")
    for name in ("completes_at", "reported_at"):
        op.drop_column("bookings", name)
