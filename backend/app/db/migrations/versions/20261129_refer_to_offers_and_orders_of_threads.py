"""Let threads refer to an offer or to an order, in place of a job.

Revision ID: b39f60c2e814
Revises: 8d1e5a30b7c6
Create Date: 2026-11-29 21:02:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "b39f60c2e814"
down_revision: str | None = "8d1e5a30b7c6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_ORDERS = "(SELECT id FROM events WHERE subject = 'thread' AND cleaning_id IS NULL)"
"""The events of threads about orders that have no job."""


def upgrade() -> None:
    op.create_foreign_key(
        op.f("fk_threads_cleaning_id_offerer_id"),
        "threads",
        "offers",
        ["cleaning_id", "offerer_id"],
        ["cleaning_id", "cleaner_id"],
        postgresql_not_valid=True,
    )
    op.create_foreign_key(
        op.f("fk_threads_cleaning_id_seller_id"),
        "threads",
        "orders",
        ["cleaning_id", "seller_id"],
        ["id", "cleaner_id"],
        postgresql_not_valid=True,
    )
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE threads DROP CONSTRAINT fk_threads_cleaning_id"
    )


def downgrade() -> None:
    op.execute("""
        UPDATE events SET cleaning_id = cleanings.id FROM cleanings
        WHERE subject = 'thread' AND cleaning_id IS NULL
            AND cleanings.id = CAST(payload ->> 'order_id' AS uuid)
    """)
    op.execute(f"DELETE FROM notifications WHERE event_id IN {OF_ORDERS}")  # noqa: S608 (constant)
    op.execute("""
        UPDATE notification_boxes SET unread = (
            SELECT count(*) FROM notifications
            WHERE user_id = notification_boxes.user_id AND position > read_mark AND listed
        )
    """)
    op.execute(f"DELETE FROM outbox WHERE event_id IN {OF_ORDERS}")  # noqa: S608 (constant)
    op.execute(f"DELETE FROM events WHERE id IN {OF_ORDERS}")  # noqa: S608 (constant)
    for table in ("message_versions", "messages", "threads"):
        op.execute(f"DELETE FROM {table} WHERE cleaning_id NOT IN (SELECT id FROM cleanings)")  # noqa: S608 (constant)
    op.create_foreign_key(
        op.f("fk_threads_cleaning_id"), "threads", "cleanings", ["cleaning_id"], ["id"]
    )
    op.drop_constraint(op.f("fk_threads_cleaning_id_seller_id"), "threads", type_="foreignkey")
    op.drop_constraint(op.f("fk_threads_cleaning_id_offerer_id"), "threads", type_="foreignkey")
