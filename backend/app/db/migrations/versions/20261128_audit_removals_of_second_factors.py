"""Audit removals of second factors that staff requests.

Revision ID: 861cd5fe92a7
Revises: 750bc4ed8196
Create Date: 2026-11-28 18:55:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "861cd5fe92a7"
down_revision: str | None = "750bc4ed8196"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADDED = (
    "second_factor_removal_requested",
    "second_factor_removal_cancelled",
    "second_factor_removal_stopped",
)
AFTER = (
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
    *ADDED,
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
    "password_check_failed",
    "accounts_listed",
    "account_looked_up",
    "account_read",
    "audit_read",
)


def upgrade() -> None:
    allow(AFTER)


def downgrade() -> None:
    # Entries are never deleted: those of the added actions stay.
    allow([action for action in AFTER if action not in ADDED])


def allow(actions: Sequence[str]) -> None:
    """Limits new entries to these actions."""
    values = ", ".join(repr(action) for action in actions)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\nALTER TABLE audit DROP CONSTRAINT ck_audit_action"
    )
    op.create_check_constraint(
        op.f("ck_audit_action"), "audit", f"action IN ({values})", postgresql_not_valid=True
    )
