"""Audit what staff reads of accounts, and wrong current passwords.

Revision ID: 2b7e4c9d1f60
Revises: d81f0b6e4c27
Create Date: 2026-11-28 18:55:12.603118+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "2b7e4c9d1f60"
down_revision: str | None = "d81f0b6e4c27"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
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
ADDED = (
    "password_check_failed",
    "accounts_listed",
    "account_looked_up",
    "account_read",
    "audit_read",
)


def upgrade() -> None:
    allow(*BEFORE, *ADDED)


def downgrade() -> None:
    allow(*BEFORE)  # entries are never deleted: those of the added actions stay


def allow(*actions: str) -> None:
    """Has new entries be of these actions only."""
    values = ", ".join(repr(action) for action in actions)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\nALTER TABLE audit DROP CONSTRAINT ck_audit_action"
    )
    op.create_check_constraint(
        op.f("ck_audit_action"), "audit", f"action IN ({values})", postgresql_not_valid=True
    )
