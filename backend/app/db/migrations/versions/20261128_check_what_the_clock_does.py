"""Check what is there by the rules of the clock.

Revision ID: e70d6b92c3f5
Revises: c59e20d7a1b6
Create Date: 2026-11-28 18:53:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "e70d6b92c3f5"
down_revision: str | None = "c59e20d7a1b6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CONSTRAINTS = {
    "cleanings": ["ck_cleanings_status"],
    "events": ["ck_events_kind", "ck_events_actor_id"],
    "bookings": ["ck_bookings_completes_at", "ck_bookings_cancelled_by"],
}


def upgrade() -> None:
    # This reads the tables while others write them.
    for table, constraints in CONSTRAINTS.items():
        for constraint in constraints:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def downgrade() -> None:
    pass
