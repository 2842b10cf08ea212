"""Ask questions about jobs.

Revision ID: c58e1f7a9d24
Revises: 8c27e5f09b34
Create Date: 2026-11-29 01:20:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c58e1f7a9d24"
down_revision: str | None = "8c27e5f09b34"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "cleaning_posts",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_cleaning_posts_revision")),
        sa.CheckConstraint(
            "answers BETWEEN 0 AND CASE WHEN question_id IS NULL THEN 20 ELSE 0 END",
            name=op.f("ck_cleaning_posts_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["cleaning_id"], ["cleanings.id"], name=op.f("fk_cleaning_posts_cleaning_id")
        ),
        sa.ForeignKeyConstraint(
            ["cleaning_id", "question_id"],
            ["cleaning_posts.cleaning_id", "cleaning_posts.id"],
            name=op.f("fk_cleaning_posts_cleaning_id_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_cleaning_posts_author_id")
        ),
        sa.PrimaryKeyConstraint("cleaning_id", "id", name=op.f("pk_cleaning_posts")),
    )
    op.create_index(
        "ix_cleaning_posts_questions",
        "cleaning_posts",
        ["cleaning_id", "id"],
        postgresql_where=sa.text("question_id IS NULL"),
    )
    op.create_index(
        "ix_cleaning_posts_answers",
        "cleaning_posts",
        ["cleaning_id", "question_id", "id"],
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.create_index("ix_cleaning_posts_author_id", "cleaning_posts", ["author_id", "id"])
    op.create_table(
        "cleaning_post_versions",
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_cleaning_post_versions_number")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_cleaning_post_versions_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["cleaning_id", "post_id"],
            ["cleaning_posts.cleaning_id", "cleaning_posts.id"],
            name=op.f("fk_cleaning_post_versions_cleaning_id_post_id"),
        ),
        sa.PrimaryKeyConstraint(
            "cleaning_id", "post_id", "number", name=op.f("pk_cleaning_post_versions")
        ),
    )
    op.create_index("ix_cleaning_post_versions_author_id", "cleaning_post_versions", ["author_id"])


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE subject IN ('question', 'answer')")
    op.drop_table("cleaning_post_versions")
    op.drop_table("cleaning_posts")
