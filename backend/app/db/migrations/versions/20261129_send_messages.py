"""Let the sides of a job send each other messages.

Revision ID: 6a20d8e4c917
Revises: 6a1f0c3d7b52
Create Date: 2026-11-29 17:55:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "6a20d8e4c917"
down_revision: str | None = "6a1f0c3d7b52"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
SIDES = ("owner", "cleaner")


def upgrade() -> None:
    op.create_table(
        "threads",
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        *(
            sa.Column(f"{side}_{count}", sa.Integer(), nullable=False)
            for side in SIDES
            for count in ("read", "unread")
        ),
        sa.CheckConstraint("messages >= 0", name=op.f("ck_threads_messages")),
        sa.CheckConstraint("owner_id <> cleaner_id", name=op.f("ck_threads_sides")),
        *(
            sa.CheckConstraint(
                f"{side}_read BETWEEN 0 AND messages", name=op.f(f"ck_threads_{side}_read")
            )
            for side in SIDES
        ),
        *(
            sa.CheckConstraint(
                f"{side}_unread BETWEEN 0 AND messages - {side}_read",
                name=op.f(f"ck_threads_{side}_unread"),
            )
            for side in SIDES
        ),
        sa.ForeignKeyConstraint(
            ["cleaning_id"], ["cleanings.id"], name=op.f("fk_threads_cleaning_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{side}_id"], ["users.id"], name=op.f(f"fk_threads_{side}_id")
            )
            for side in SIDES
        ),
        sa.PrimaryKeyConstraint("cleaning_id", "id", name=op.f("pk_threads")),
        sa.UniqueConstraint(
            "cleaning_id", "cleaner_id", name=op.f("uq_threads_cleaning_id_cleaner_id")
        ),
    )
    op.create_index(
        "ix_threads_owner",
        "threads",
        ["owner_id", sa.text("LEAST(owner_unread, 1)"), "sent_at", "cleaning_id", "cleaner_id"],
    )
    op.create_index(
        "ix_threads_cleaner",
        "threads",
        ["cleaner_id", sa.text("LEAST(cleaner_unread, 1)"), "sent_at", "cleaning_id"],
    )

    op.create_table(
        "messages",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("contacts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_messages_number")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_messages_revision")),
        sa.CheckConstraint(
            "(revision > 1) = (edited_at IS NOT NULL)", name=op.f("ck_messages_edited_at")
        ),
        sa.ForeignKeyConstraint(
            ["cleaning_id", "cleaner_id"],
            ["threads.cleaning_id", "threads.cleaner_id"],
            name=op.f("fk_messages_cleaning_id_cleaner_id"),
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name=op.f("fk_messages_sender_id")),
        sa.PrimaryKeyConstraint("cleaning_id", "cleaner_id", "number", name=op.f("pk_messages")),
    )
    op.create_index(
        "uq_messages_client_id",
        "messages",
        ["cleaning_id", "cleaner_id", "sender_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index("ix_messages_sender_id", "messages", ["sender_id", "created_at"])
    op.create_index(
        "ix_messages_flagged",
        "messages",
        ["created_at", "cleaning_id", "cleaner_id", "number"],
        postgresql_where=sa.text("contacts <> '{}'"),
    )

    op.create_table(
        "message_versions",
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_message_versions_number")),
        sa.ForeignKeyConstraint(
            ["cleaning_id", "cleaner_id", "message"],
            ["messages.cleaning_id", "messages.cleaner_id", "messages.number"],
            name=op.f("fk_message_versions_cleaning_id_cleaner_id_message"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["users.id"], name=op.f("fk_message_versions_sender_id")
        ),
        sa.PrimaryKeyConstraint(
            *("cleaning_id", "cleaner_id", "message", "number"), name=op.f("pk_message_versions")
        ),
    )
    op.create_index("ix_message_versions_sender_id", "message_versions", ["sender_id"])


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE kind = 'message_received'")
    op.execute("""
        UPDATE notification_boxes SET unread = (
            SELECT count(*) FROM notifications
            WHERE user_id = notification_boxes.user_id AND position > read_mark
        )
    """)
    op.execute("""
        DELETE FROM outbox WHERE event_id IN (SELECT id FROM events WHERE subject = 'thread')
    """)
    op.execute("DELETE FROM events WHERE subject = 'thread'")
    op.drop_table("message_versions")
    op.drop_table("messages")
    op.drop_table("threads")
