"""Let jobs expire.

Revision ID: 2f6a0c81d9e4
Revises: f26a93c1e8d4
Create Date: 2026-11-28 18:50:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "2f6a0c81d9e4"
down_revision: str | None = "f26a93c1e8d4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATUSES = ("open", "booked", "completed", "cancelled")


def allow(statuses: Sequence[str]) -> None:
    listed = ", ".join(repr(status) for status in statuses)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE cleanings DROP CONSTRAINT ck_cleanings_status"
    )
    op.create_check_constraint(
        op.f("ck_cleanings_status"),
        "cleanings",
        f"status IN ({listed})",
        postgresql_not_valid=True,
    )


def upgrade() -> None:
    allow((*STATUSES, "expired"))


def downgrade() -> None:
    op.execute("UPDATE cleanings SET status = 'cancelled' WHERE status = 'expired'")
    allow(STATUSES)
