"""Ask questions about packages.

Revision ID: e91b4c7d20a6
Revises: d6e2917c40fb
Create Date: 2026-11-29 01:20:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e91b4c7d20a6"
down_revision: str | None = "d6e2917c40fb"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "package_posts",
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
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_package_posts_revision")),
        sa.CheckConstraint(
            "answers BETWEEN 0 AND CASE WHEN question_id IS NULL THEN 20 ELSE 0 END",
            name=op.f("ck_package_posts_answers"),
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_posts_package_id")
        ),
        sa.ForeignKeyConstraint(
            ["package_id", "question_id"],
            ["package_posts.package_id", "package_posts.id"],
            name=op.f("fk_package_posts_package_id_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_package_posts_author_id")
        ),
        sa.PrimaryKeyConstraint("package_id", "id", name=op.f("pk_package_posts")),
    )
    op.create_index(
        "ix_package_posts_questions",
        "package_posts",
        ["package_id", "id"],
        postgresql_where=sa.text("question_id IS NULL"),
    )
    op.create_index(
        "ix_package_posts_answers",
        "package_posts",
        ["package_id", "question_id", "id"],
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.create_index("ix_package_posts_author_id", "package_posts", ["author_id", "id"])
    op.create_table(
        "package_post_versions",
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_package_post_versions_number")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_package_post_versions_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["package_id", "post_id"],
            ["package_posts.package_id", "package_posts.id"],
            name=op.f("fk_package_post_versions_package_id_post_id"),
        ),
        sa.PrimaryKeyConstraint(
            "package_id", "post_id", "number", name=op.f("pk_package_post_versions")
        ),
    )
    op.create_index("ix_package_post_versions_author_id", "package_post_versions", ["author_id"])


def downgrade() -> None:
    op.execute("DELETE FROM events WHERE subject IN ('package_question', 'package_answer')")
    op.drop_table("package_post_versions")
    op.drop_table("package_posts")
