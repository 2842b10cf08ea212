"""Guard accounts: families of refresh tokens, an audit, throttles, roles.

Revision ID: 4e0b7c61d2f8
Revises: 9c1d5b7e2a40
Create Date: 2026-11-21 06:20:07.441902+00:00
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "4e0b7c61d2f8"
down_revision: str | None = "9c1d5b7e2a40"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTIONS = (
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "refresh_token_reused",
    "session_ended",
    "other_sessions_ended",
    "account_created",
    "account_deleted",
    "account_exported",
    "email_verified",
    "email_changed",
    "username_changed",
    "password_changed",
    "password_reset",
    "stepped_up",
    "step_up_failed",
    "second_factor_added",
    "second_factor_removed",
    "recovery_code_used",
    "api_key_created",
    "api_key_deleted",
    "role_changed",
    "blocked",
    "unblocked",
    "deactivated",
    "reactivated",
    "sessions_ended",
    "cleaning_hidden",
    "cleaning_shown",
    "offer_hidden",
    "offer_shown",
    "evaluation_hidden",
    "evaluation_shown",
)
SUBJECTS = ("cleaning", "offer", "booking", "evaluation", "user", "profile")


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    guard_users()
    keep_families()
    create_audit()
    op.create_table(
        "throttles",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        moment("resets_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_throttles_resets_at", "throttles", ["resets_at"], unique=False)


def guard_users() -> None:
    op.add_column("users", sa.Column("role", sa.String(32), nullable=False, server_default="user"))
    op.alter_column("users", "role", server_default=None)
    op.create_check_constraint(
        op.f("ck_users_role"), "users", one_of("role", ("user", "staff", "superuser"))
    )
    for name in ("email_verified_at", "pending_until", "inactive_at"):
        op.add_column("users", moment(name, nullable=True))
    op.drop_index("uq_users_email", table_name="users")
    op.create_index(
        "uq_users_email",
        "users",
        [sa.literal_column("lower(email)")],
        unique=True,
        postgresql_where=sa.text("pending_until IS NULL"),
    )
    op.create_index("ix_users_email", "users", [sa.literal_column("lower(email)")], unique=False)


def keep_families() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("predecessor", sa.LargeBinary(), nullable=True),
        moment("issued_at"),
        moment("used_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_refresh_tokens_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_tokens")),
    )
    op.execute(
        "INSERT INTO refresh_tokens (hash, session_id, issued_at) "
        "SELECT refresh_token_hash, id, refreshed_at FROM sessions"
    )
    op.create_index("ix_refresh_tokens_session_id", "refresh_tokens", ["session_id"], unique=False)
    op.drop_constraint(op.f("uq_sessions_refresh_token_hash"), "sessions", type_="unique")
    op.drop_column("sessions", "refresh_token_hash")
    for name in ("device", "address"):
        op.add_column("sessions", sa.Column(name, sa.String(), nullable=True))
    op.add_column("sessions", moment("authenticated_at", nullable=True))
    op.execute("UPDATE sessions SET authenticated_at = created_at")
    op.alter_column("sessions", "authenticated_at", nullable=False)
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_table(
        "known_addresses",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        moment("used_at"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_addresses_user_id")),
        sa.PrimaryKeyConstraint("user_id", "address_hash", name=op.f("pk_known_addresses")),
    )
    op.create_index("ix_known_addresses_used_at", "known_addresses", ["used_at"], unique=False)


def create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        moment("created_at"),
        sa.CheckConstraint(one_of("action", ACTIONS), name=op.f("ck_audit_action")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_actor_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_user_id", "audit", ["user_id", "id"], unique=False)
    op.create_index("ix_audit_actor_id", "audit", ["actor_id", "id"], unique=False)
    # What was done in sessions stood in the log of events before.
    op.execute(
        "INSERT INTO audit "
        "(id, action, actor_id, user_id, network, request_id, details, created_at) "
        "SELECT id, CASE kind WHEN 'created' THEN 'signed_in' ELSE 'signed_out' END, actor_id, "
        "actor_id, 'unknown', '', '{}', created_at "
        "FROM events WHERE subject = 'session' AND kind IN ('created', 'deleted')"
    )
    op.execute("DELETE FROM events WHERE subject = 'session'")
    op.drop_constraint(op.f("ck_events_subject"), "events", type_="check")
    op.create_check_constraint(op.f("ck_events_subject"), "events", one_of("subject", SUBJECTS))
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% can only be added to', TG_TABLE_NAME"
        " USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("throttles")
    op.drop_table("audit")
    op.execute("DROP FUNCTION refuse_change()")
    op.drop_constraint(op.f("ck_events_subject"), "events", type_="check")
    op.create_check_constraint(
        op.f("ck_events_subject"), "events", one_of("subject", (*SUBJECTS, "session"))
    )
    op.drop_table("known_addresses")
    op.drop_index("ix_sessions_expires_at", table_name="sessions")
    for name in ("authenticated_at", "address", "device"):
        op.drop_column("sessions", name)
    op.add_column("sessions", sa.Column("refresh_token_hash", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE sessions SET refresh_token_hash = hash FROM refresh_tokens "
        "WHERE session_id = sessions.id AND refresh_tokens.used_at IS NULL"
    )
    op.execute("DELETE FROM sessions WHERE refresh_token_hash IS NULL")
    op.alter_column("sessions", "refresh_token_hash", nullable=False)
    op.create_unique_constraint(
        op.f("uq_sessions_refresh_token_hash"), "sessions", ["refresh_token_hash"]
    )
    op.drop_table("refresh_tokens")
    # An address can have one account again: unverified users register again.
    for table, column in (("profiles", "user_id"), ("events", "actor_id"), ("users", "id")):
        op.execute(
            f"DELETE FROM {table} WHERE {column} IN "  # noqa: S608 (names of our own)
            "(SELECT id FROM users WHERE pending_until IS NOT NULL)"
        )
    op.drop_index("ix_users_email", table_name="users")
    op.drop_index("uq_users_email", table_name="users")
    op.create_index("uq_users_email", "users", [sa.literal_column("lower(email)")], unique=True)
    for name in ("inactive_at", "pending_until", "email_verified_at", "role"):
        op.drop_column("users", name)
