"""Let no preference switch off notifications of security.

Revision ID: 4c9e21f7b06d
Revises: 93d6f0c2b8e4
Create Date: 2026-11-29 22:40:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "4c9e21f7b06d"
down_revision: str | None = "93d6f0c2b8e4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW = "SELECT id FROM events WHERE subject = 'security' OR kind IN ('photo_hidden', 'photo_shown')"
"""The events of kinds that the previous release does not know."""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE notification_preferences ADD CONSTRAINT ck_notification_preferences_unmailed "
        "CHECK (app -> 'security' IS NULL AND mail -> 'security' IS NULL) NOT VALID"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM notifications WHERE event_id IN ({NEW})")  # noqa: S608 (constant)
    op.execute("""
        UPDATE notification_boxes SET unread = (
            SELECT count(*) FROM notifications
            WHERE user_id = notification_boxes.user_id AND position > read_mark AND listed
        )
    """)
    op.execute(f"DELETE FROM outbox WHERE event_id IN ({NEW})")  # noqa: S608 (constant)
    op.execute(f"DELETE FROM events WHERE id IN ({NEW})")  # noqa: S608 (constant)
    op.drop_constraint(
        op.f("ck_notification_preferences_unmailed"), "notification_preferences", type_="check"
    )
