"""Create the marketplace.

Revision ID: f60e660f0150
Revises:
Create Date: 2026-11-21 00:31:56.245904+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "f60e660f0150"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("username", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("username ~ '^[A-Za-z0-9_-]{3,32}$'", name=op.f("ck_users_username")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    op.create_index(
        "uq_users_username", "users", [sa.literal_column("lower(username)")], unique=True
    )
    op.create_table(
        "cleanings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column(
            "cleaning_type",
            sa.Enum(
                "dust_up",
                "spot_clean",
                "full_clean",
                name="cleaning_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="spot_clean",
            nullable=False,
        ),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="EUR", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "booked",
                "completed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("terms_revision", sa.Integer(), nullable=False),
        sa.Column("cancellation_reason", sa.String(), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('english', name || ' ' || coalesce(description, ''))", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_cleanings_currency")),
        sa.CheckConstraint("duration > 0", name=op.f("ck_cleanings_duration")),
        sa.CheckConstraint("price > 0", name=op.f("ck_cleanings_price")),
        sa.CheckConstraint("terms_revision > 0", name=op.f("ck_cleanings_terms_revision")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_cleanings_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleanings")),
    )
    op.create_index(
        "ix_cleanings_area",
        "cleanings",
        [sa.literal_column("lower(area)"), "status", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_cleanings_owner_id", "cleanings", ["owner_id", "id"], unique=False)
    op.create_index(
        "ix_cleanings_search", "cleanings", ["search"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_cleanings_status_id",
        "cleanings",
        ["status", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_cleanings_status_price",
        "cleanings",
        ["status", "price", "id"],
        unique=False,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "profiles",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=True),
        sa.Column("bio", sa.String(), nullable=True),
        sa.Column("image", sa.String(), nullable=True),
        sa.Column("phone_number", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_profiles_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_profiles")),
    )
    op.create_table(
        "ratings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "cleaner",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("no_shows", sa.Integer(), nullable=False),
        sa.Column("average", sa.Float(), nullable=True),
        sa.Column("overall_rating", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("professionalism", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("completeness", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("efficiency", sa.ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint("cardinality(completeness) = 5", name=op.f("ck_ratings_completeness")),
        sa.CheckConstraint("cardinality(efficiency) = 5", name=op.f("ck_ratings_efficiency")),
        sa.CheckConstraint(
            "cardinality(overall_rating) = 5", name=op.f("ck_ratings_overall_rating")
        ),
        sa.CheckConstraint(
            "cardinality(professionalism) = 5", name=op.f("ck_ratings_professionalism")
        ),
        sa.CheckConstraint(
            "total >= 0 AND no_shows BETWEEN 0 AND total", name=op.f("ck_ratings_total")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ratings_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_ratings")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("refresh_token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("refresh_token_hash", name=op.f("uq_sessions_refresh_token_hash")),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)
    op.create_table(
        "cleaning_revisions",
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("editor_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cleaning_id"], ["cleanings.id"], name=op.f("fk_cleaning_revisions_cleaning_id")
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["users.id"], name=op.f("fk_cleaning_revisions_editor_id")
        ),
        sa.PrimaryKeyConstraint("cleaning_id", "revision", name=op.f("pk_cleaning_revisions")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "cleaning",
                "offer",
                "booking",
                "evaluation",
                "user",
                "profile",
                "session",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
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
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cleaning_id", sa.Uuid(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_events_actor_id")),
        sa.ForeignKeyConstraint(
            ["cleaning_id"], ["cleanings.id"], name=op.f("fk_events_cleaning_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(
        "ix_events_feed",
        "events",
        ["id"],
        unique=False,
        postgresql_where=sa.text("subject = 'cleaning'"),
    )
    op.create_table(
        "offers",
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "accepted",
                "rejected",
                "withdrawn",
                "superseded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("terms_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("price > 0", name=op.f("ck_offers_price")),
        sa.CheckConstraint("terms_revision > 0", name=op.f("ck_offers_terms_revision")),
        sa.ForeignKeyConstraint(["cleaner_id"], ["users.id"], name=op.f("fk_offers_cleaner_id")),
        sa.ForeignKeyConstraint(
            ["cleaning_id"], ["cleanings.id"], name=op.f("fk_offers_cleaning_id")
        ),
        sa.PrimaryKeyConstraint("cleaning_id", "id", name=op.f("pk_offers")),
        sa.UniqueConstraint(
            "cleaning_id", "cleaner_id", name=op.f("uq_offers_cleaning_id_cleaner_id")
        ),
    )
    op.create_index("ix_offers_cleaner_id", "offers", ["cleaner_id", "id"], unique=False)
    op.create_index(
        "uq_offers_accepted",
        "offers",
        ["cleaning_id"],
        unique=True,
        postgresql_where=sa.text("status = 'accepted'"),
    )
    op.create_table(
        "bookings",
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("cleaner_id", sa.Uuid(), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "completed",
                "cancelled",
                "no_show",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "cancelled_by",
            sa.Enum(
                "owner",
                "cleaner",
                name="cancelled_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("cancellation_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_by IS NOT NULL)",
            name=op.f("ck_bookings_cancelled"),
        ),
        sa.CheckConstraint(
            "(status = 'scheduled') = (ended_at IS NULL)", name=op.f("ck_bookings_ended_at")
        ),
        sa.CheckConstraint("owner_id <> cleaner_id", name=op.f("ck_bookings_sides")),
        sa.CheckConstraint("price > 0", name=op.f("ck_bookings_price")),
        sa.ForeignKeyConstraint(["cleaner_id"], ["users.id"], name=op.f("fk_bookings_cleaner_id")),
        sa.ForeignKeyConstraint(
            ["cleaning_id", "offer_id"],
            ["offers.cleaning_id", "offers.id"],
            name=op.f("fk_bookings_cleaning_id_offer_id"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_bookings_owner_id")),
        sa.PrimaryKeyConstraint("cleaning_id", "id", name=op.f("pk_bookings")),
    )
    op.create_index("ix_bookings_cleaner_id", "bookings", ["cleaner_id", "id"], unique=False)
    op.create_index("ix_bookings_owner_id", "bookings", ["owner_id", "id"], unique=False)
    op.create_index(
        "uq_bookings_scheduled",
        "bookings",
        ["cleaning_id"],
        unique=True,
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.create_table(
        "evaluations",
        sa.Column("cleaning_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "cleaner",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("overall_rating", sa.Integer(), nullable=False),
        sa.Column("professionalism", sa.Integer(), nullable=True),
        sa.Column("completeness", sa.Integer(), nullable=True),
        sa.Column("efficiency", sa.Integer(), nullable=True),
        sa.Column("headline", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("no_show", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role = 'cleaner' OR NOT no_show", name=op.f("ck_evaluations_no_show")),
        sa.CheckConstraint(
            "role = 'cleaner' OR coalesce(professionalism, completeness, efficiency) IS NULL",
            name=op.f("ck_evaluations_criteria"),
        ),
        sa.CheckConstraint("author_id <> subject_id", name=op.f("ck_evaluations_sides")),
        sa.CheckConstraint(
            "completeness BETWEEN 1 AND 5", name=op.f("ck_evaluations_completeness")
        ),
        sa.CheckConstraint("efficiency BETWEEN 1 AND 5", name=op.f("ck_evaluations_efficiency")),
        sa.CheckConstraint(
            "overall_rating BETWEEN 1 AND 5", name=op.f("ck_evaluations_overall_rating")
        ),
        sa.CheckConstraint(
            "professionalism BETWEEN 1 AND 5", name=op.f("ck_evaluations_professionalism")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_evaluations_author_id")),
        sa.ForeignKeyConstraint(
            ["cleaning_id", "booking_id"],
            ["bookings.cleaning_id", "bookings.id"],
            name=op.f("fk_evaluations_cleaning_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["users.id"], name=op.f("fk_evaluations_subject_id")
        ),
        sa.PrimaryKeyConstraint("cleaning_id", "id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint(
            "cleaning_id",
            "booking_id",
            "role",
            name=op.f("uq_evaluations_cleaning_id_booking_id_role"),
        ),
    )
    op.create_index(
        "ix_evaluations_subject_id", "evaluations", ["subject_id", "role", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_evaluations_subject_id", table_name="evaluations")
    op.drop_table("evaluations")
    op.drop_index(
        "uq_bookings_scheduled",
        table_name="bookings",
        postgresql_where=sa.text("status = 'scheduled'"),
    )
    op.drop_index("ix_bookings_owner_id", table_name="bookings")
    op.drop_index("ix_bookings_cleaner_id", table_name="bookings")
    op.drop_table("bookings")
    op.drop_index(
        "uq_offers_accepted", table_name="offers", postgresql_where=sa.text("status = 'accepted'")
    )
    op.drop_index("ix_offers_cleaner_id", table_name="offers")
    op.drop_table("offers")
    op.drop_index(
        "ix_events_feed", table_name="events", postgresql_where=sa.text("subject = 'cleaning'")
    )
    op.drop_table("events")
    op.drop_table("cleaning_revisions")
    op.drop_index("ix_sessions_user_id", table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("ratings")
    op.drop_table("profiles")
    op.drop_index(
        "ix_cleanings_status_price",
        table_name="cleanings",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index(
        "ix_cleanings_status_id",
        table_name="cleanings",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_index("ix_cleanings_search", table_name="cleanings", postgresql_using="gin")
    op.drop_index("ix_cleanings_owner_id", table_name="cleanings")
    op.drop_index(
        "ix_cleanings_area",
        table_name="cleanings",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.drop_table("cleanings")
    op.drop_index("uq_users_username", table_name="users")
    op.drop_index("uq_users_email", table_name="users")
    op.drop_table("users")
