"""Let staff read threads because of a report, or for a stated reason.

Revision ID: 2f8b64d1c07a
Revises: 1da84c6f7e29
Create Date: 2026-11-30 00:30:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "2f8b64d1c07a"
down_revision: str | None = "1da84c6f7e29"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PEOPLE = ("staff_id", "owner_id", "cleaner_id")


def upgrade() -> None:
    op.create_table(
        "thread_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(report_id, reason) = 1", name=op.f("ck_thread_readings_ground")
        ),
        sa.CheckConstraint(
            "staff_id NOT IN (owner_id, cleaner_id)", name=op.f("ck_thread_readings_staff")
        ),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_thread_readings_{name}"))
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_thread_readings_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_readings")),
    )
    op.create_index("ix_thread_readings_owner_id", "thread_readings", ["owner_id", "id"])
    op.create_index("ix_thread_readings_cleaner_id", "thread_readings", ["cleaner_id", "id"])
    columns = ["staff_id", "cleaning_id", "cleaner_id", "created_at"]
    op.create_index("ix_thread_readings_staff_id", "thread_readings", columns)


def downgrade() -> None:
    op.execute(
        "DELETE FROM notifications WHERE kind IN ('messages_read', 'messages_read_for_report')"
    )
    op.execute("""
        UPDATE notification_boxes SET unread = (
            SELECT count(*) FROM notifications
            WHERE user_id = notification_boxes.user_id AND position > read_mark AND listed
        )
    """)
    op.execute("""
        DELETE FROM outbox WHERE event_id IN (
            SELECT id FROM events
            WHERE subject = 'thread' AND kind IN ('read_by_staff', 'read_for_report')
        )
    """)
    op.execute("""
        DELETE FROM events
        WHERE subject = 'thread' AND kind IN ('read_by_staff', 'read_for_report')
    """)
    op.drop_table("thread_readings")
