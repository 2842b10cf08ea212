"""Take notices of persons without an account.

Revision ID: c4f19e7b2a60
Revises: a81d5c3e9f74
Create Date: 2026-11-30 00:30:00.000000+00:00
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "c4f19e7b2a60"
down_revision: str | None = "a81d5c3e9f74"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS: Mapping[str, sa.types.TypeEngine[Any]] = {
    "reference": sa.Uuid(),
    "notifier_name": sa.String(),
    "notifier_email": sa.String(),
    "notifier_language": sa.String(),
}
CHECKS = {
    "reporter": (
        "num_nonnulls(reporter_id, notifier_email) BETWEEN (status <> 'decided')::int AND 1"
    ),
    "reference": "num_nonnulls(reporter_id, reference) = 1",
    "notifier": "num_nonnulls(notifier_name, notifier_email) <> 1",
    "notifier_language": "notifier_language IS NULL OR notifier_email IS NOT NULL",
}
NOTICES = "SELECT id FROM reports WHERE reporter_id IS NULL"
DECISIONS = f"SELECT id FROM decisions WHERE report_id IN ({NOTICES})"  # noqa: S608 (constant)
EVENTS = f"SELECT id FROM events WHERE subject_id IN ({NOTICES} UNION {DECISIONS})"  # noqa: S608 (constant)


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("reports", sa.Column(name, kind, nullable=True))
    op.execute(
        "-- squawk-ignore ban-drop-not-null\n"
        "ALTER TABLE reports ALTER COLUMN reporter_id DROP NOT NULL"
    )
    for name, check in CHECKS.items():
        op.create_check_constraint(
            op.f(f"ck_reports_{name}"), "reports", check, postgresql_not_valid=True
        )


def downgrade() -> None:
    op.execute(f"DELETE FROM notifications WHERE event_id IN ({EVENTS})")  # noqa: S608 (constant)
    op.execute("""
        UPDATE notification_boxes SET unread = (
            SELECT count(*) FROM notifications
            WHERE user_id = notification_boxes.user_id AND position > read_mark AND listed
        )
    """)
    op.execute(f"DELETE FROM outbox WHERE event_id IN ({EVENTS})")  # noqa: S608 (constant)
    op.execute(f"DELETE FROM events WHERE id IN ({EVENTS})")  # noqa: S608 (constant)
    op.execute(f"DELETE FROM appeals WHERE decision_id IN ({DECISIONS})")  # noqa: S608 (constant)
    op.execute(f"DELETE FROM decisions WHERE report_id IN ({NOTICES})")  # noqa: S608 (constant)
    op.execute("DELETE FROM reports WHERE reporter_id IS NULL")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_reports_{name}"), "reports")
    op.alter_column("reports", "reporter_id", existing_type=sa.Uuid(), nullable=False)
    for name in COLUMNS:
        op.drop_column("reports", name)
