"""Let the clock act: events without an actor.

Revision ID: 8b3d417fe052
Revises: 2f6a0c81d9e4
Create Date: 2026-11-28 18:51:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8b3d417fe052"
down_revision: str | None = "2f6a0c81d9e4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    *("created", "edited", "booked", "completed", "cancelled", "deleted"),
    *("renewed", "rejected", "withdrawn", "missed", "hidden", "shown"),
)


def allow(kinds: Sequence[str]) -> None:
    listed = ", ".join(repr(kind) for kind in kinds)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\nALTER TABLE events DROP CONSTRAINT ck_events_kind"
    )
    op.create_check_constraint(
        op.f("ck_events_kind"), "events", f"kind IN ({listed})", postgresql_not_valid=True
    )


def upgrade() -> None:
    allow((*KINDS, "reported", "expired"))
    # The version before this one never writes a null, and only compares the column.
    op.execute(
        "-- squawk-ignore ban-drop-not-null\nALTER TABLE events ALTER COLUMN actor_id DROP NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_events_actor_id"),
        "events",
        "actor_id IS NOT NULL OR subject = 'cleaning' AND kind IN ('expired', 'completed') "
        "OR subject = 'booking' AND kind = 'cancelled'",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_events_actor_id"), "events", type_="check")
    op.execute("DELETE FROM events WHERE kind = 'reported'")
    op.execute("UPDATE events SET kind = 'cancelled' WHERE kind = 'expired'")
    op.execute(
        "UPDATE events SET actor_id = owner_id FROM cleanings "
        "WHERE actor_id IS NULL AND cleanings.id = cleaning_id"
    )
    op.alter_column("events", "actor_id", existing_type=sa.Uuid(), nullable=False)
    allow(KINDS)
