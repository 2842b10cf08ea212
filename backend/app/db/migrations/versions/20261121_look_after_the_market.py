"""Look after the market: hide things, find accounts and entries of the audit.

Revision ID: 7d25a9c0e613
Revises: c3a95d1e8b64
Create Date: 2026-11-21 07:02:41.118206+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7d25a9c0e613"
down_revision: str | None = "c3a95d1e8b64"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = (
    "created",
    "edited",
    "booked",
    "completed",
    "cancelled",
    "deleted",
    "renewed",
    "rejected",
    "withdrawn",
    "missed",
)


def allow_kinds(kinds: Sequence[str]) -> None:
    op.drop_constraint(op.f("ck_events_kind"), "events", type_="check")
    listed = ", ".join(repr(kind) for kind in kinds)
    op.create_check_constraint(op.f("ck_events_kind"), "events", f"kind IN ({listed})")


def upgrade() -> None:
    for table in ("cleanings", "offers", "evaluations"):
        op.add_column(table, sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    allow_kinds((*KINDS, "hidden", "shown"))
    for index, table, column in (
        ("ix_users_username", "users", "username"),
        ("ix_profiles_full_name", "profiles", "full_name"),
    ):
        op.create_index(
            index,
            table,
            [sa.literal_column(f"lower({column})").label("lowered")],
            unique=False,
            postgresql_ops={"lowered": "text_pattern_ops"},
        )
    op.create_index(
        "ix_users_notable",
        "users",
        ["id"],
        unique=False,
        postgresql_where=sa.text(
            "role <> 'user' OR pending_until IS NOT NULL OR inactive_at IS NOT NULL "
            "OR blocked_at IS NOT NULL OR deleted_at IS NOT NULL"
        ),
    )
    op.create_index("ix_audit_action", "audit", ["action", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_audit_action", table_name="audit")
    op.drop_index("ix_users_notable", table_name="users")
    op.drop_index("ix_profiles_full_name", table_name="profiles")
    op.drop_index("ix_users_username", table_name="users")
    op.execute("DELETE FROM events WHERE kind IN ('hidden', 'shown')")
    allow_kinds(KINDS)
    # Those that are hidden are in no rating; all that stay are to be in one.
    op.execute("DELETE FROM evaluations WHERE hidden_at IS NOT NULL")
    for table in ("evaluations", "offers", "cleanings"):
        op.drop_column(table, "hidden_at")
