"""Take reports of harm to minors, which notifiers may give without a name.

Revision ID: b3d91e60c8f5
Revises: 2f8b64d1c07a
Create Date: 2026-11-30 03:50:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "b3d91e60c8f5"
down_revision: str | None = "2f8b64d1c07a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("spam", "fraud", "contact_details", "offensive", "unsafe", "minors", "illegal", "other")


def upgrade() -> None:
    allow(KINDS, "status <> 'decided' AND kind <> 'minors'")


def downgrade() -> None:
    op.execute("""
        UPDATE reports SET notifier_name = 'Anonymous', notifier_email = 'anonymous@example.invalid'
        WHERE reporter_id IS NULL AND notifier_email IS NULL AND status <> 'decided'
    """)
    op.execute("UPDATE reports SET kind = 'unsafe' WHERE kind = 'minors'")
    allow([kind for kind in KINDS if kind != "minors"], "status <> 'decided'")


def allow(kinds: Sequence[str], is_named: str) -> None:
    """Limits reports to these kinds, and has notices name the notifier under a condition."""
    values = ", ".join(repr(kind) for kind in kinds)
    checks = {
        "kind": f"kind IN ({values})",
        "reporter": f"num_nonnulls(reporter_id, notifier_email) BETWEEN ({is_named})::int AND 1",
    }
    for name, check in checks.items():
        op.execute(
            "-- squawk-ignore ban-drop-constraint\n"
            f"ALTER TABLE reports DROP CONSTRAINT ck_reports_{name}"
        )
        op.create_check_constraint(
            op.f(f"ck_reports_{name}"), "reports", check, postgresql_not_valid=True
        )
