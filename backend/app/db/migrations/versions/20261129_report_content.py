"""Let users report what others wrote or showed, and staff decide about it.

Revision ID: 8e41c7a05d92
Revises: 5d0b7e42c9a6
Create Date: 2026-11-29 21:10:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "8e41c7a05d92"
down_revision: str | None = "5d0b7e42c9a6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_reports()
    create_decisions()
    op.create_table(
        "appeals",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_appeals_decision_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_appeals_user_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_appeals")),
    )
    op.create_index("ix_appeals_user_id", "appeals", ["user_id"])


def create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(32), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("content", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=True),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "subject IN ('cleaning', 'offer', 'evaluation', 'question', 'answer', 'package', "
            "'package_question', 'package_answer', 'message', 'profile', 'photo')",
            name=op.f("ck_reports_subject"),
        ),
        sa.CheckConstraint(
            "kind IN ('spam', 'fraud', 'contact_details', 'offensive', 'unsafe', 'illegal', "
            "'other')",
            name=op.f("ck_reports_kind"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'taken', 'decided')", name=op.f("ck_reports_status")
        ),
        sa.CheckConstraint("author_id <> reporter_id", name=op.f("ck_reports_sides")),
        sa.CheckConstraint(
            "(status = 'taken') = (taker_id IS NOT NULL)", name=op.f("ck_reports_taken")
        ),
        sa.CheckConstraint(
            "taker_id NOT IN (author_id, reporter_id)", name=op.f("ck_reports_taker")
        ),
        sa.CheckConstraint(
            "(status = 'decided') = (decided_at IS NOT NULL)", name=op.f("ck_reports_decided_at")
        ),
        sa.CheckConstraint(
            "decisions BETWEEN (status = 'decided')::int AND 1 + (status = 'decided')::int",
            name=op.f("ck_reports_decisions"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_reports_{name}"))
            for name in ("reporter_id", "author_id", "taker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("reporter_id", "path", name=op.f("uq_reports_reporter_id_path")),
    )
    op.create_index("ix_reports_reporter_id", "reports", ["reporter_id", "id"])
    op.create_index("ix_reports_author_id", "reports", ["author_id"])
    op.create_index("ix_reports_status", "reports", ["status", "id"])
    op.create_index(
        "ix_reports_decided_at",
        "reports",
        ["decided_at"],
        postgresql_where=sa.text("content IS NOT NULL OR words IS NOT NULL"),
    )


def create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("rule", sa.String(32), nullable=True),
        sa.Column("law", sa.String(), nullable=True),
        sa.Column("facts", sa.String(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "measure IN ('none', 'warn', 'hide', 'block')", name=op.f("ck_decisions_measure")
        ),
        sa.CheckConstraint(
            "rule IN ('spam', 'fraud', 'contact_details', 'offensive', 'unsafe', 'illegal')",
            name=op.f("ck_decisions_rule"),
        ),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_decisions_number")),
        sa.CheckConstraint("staff_id <> author_id", name=op.f("ck_decisions_staff")),
        sa.CheckConstraint("(measure = 'none') = (rule IS NULL)", name=op.f("ck_decisions_reason")),
        sa.CheckConstraint(
            "(law IS NOT NULL) = (coalesce(rule, '') = 'illegal')", name=op.f("ck_decisions_law")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_decisions_report_id")),
        *(
            sa.ForeignKeyConstraint([name], ["users.id"], name=op.f(f"fk_decisions_{name}"))
            for name in ("staff_id", "author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_decisions_report_id_number")),
        sa.UniqueConstraint("report_id", "staff_id", name=op.f("uq_decisions_report_id_staff_id")),
    )
    op.create_index("ix_decisions_author_id", "decisions", ["author_id", "id"])


def downgrade() -> None:
    op.execute("DELETE FROM notifications WHERE kind IN ('report_decided', 'content_decided')")
    op.execute("""
        UPDATE notification_boxes SET unread = (
            SELECT count(*) FROM notifications
            WHERE user_id = notification_boxes.user_id AND position > read_mark AND listed
        )
    """)
    op.execute("""
        DELETE FROM outbox WHERE event_id IN (
            SELECT id FROM events WHERE subject IN ('report', 'decision')
        )
    """)
    op.execute("DELETE FROM events WHERE subject IN ('report', 'decision')")
    for table in ("appeals", "decisions", "reports"):
        op.drop_table(table)
