"""Name the terms of use as a rule of decisions.

Revision ID: 7c4a1f92d6b3
Revises: 7e42b9d0c3a8
Create Date: 2026-11-30 04:40:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "7c4a1f92d6b3"
down_revision: str | None = "7e42b9d0c3a8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RULES = ("spam", "fraud", "contact_details", "offensive", "unsafe", "terms", "illegal")


def upgrade() -> None:
    allow(RULES)


def downgrade() -> None:
    op.execute("UPDATE decisions SET rule = 'spam' WHERE rule = 'terms'")
    allow([rule for rule in RULES if rule != "terms"])


def allow(rules: Sequence[str]) -> None:
    """Limits decisions to these rules."""
    values = ", ".join(repr(rule) for rule in rules)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"
        "ALTER TABLE decisions DROP CONSTRAINT ck_decisions_rule"
    )
    op.create_check_constraint(
        op.f("ck_decisions_rule"), "decisions", f"rule IN ({values})", postgresql_not_valid=True
    )
