"""Checks of decisions about reports, and of appeals."""

from typing import Any

from sqlalchemy import case, or_, select

from app.db.doctor.check import Check
from app.db.models.decisions import APPEAL_WITHIN, Appeal, Decision, Measure
from app.db.models.reports import Report
from app.postgres.statements import col


def _of_others() -> Any:
    """Decisions about what another user wrote or showed than the report says."""
    return (
        select(col(Decision.id))
        .join(Report, col(Report.id) == Decision.report_id)
        .where(col(Decision.author_id) != Report.author_id)
    )


def _without_appeal() -> Any:
    """Second decisions without an appeal against the first one."""
    appealed = select(col(Decision.report_id)).join(Appeal, col(Appeal.decision_id) == Decision.id)
    return select(col(Decision.id)).where(
        col(Decision.number) > 1, col(Decision.report_id).not_in(appealed)
    )


def _wrong_appeals() -> Any:
    """Appeals that were late, against a second decision, or by another side."""
    appellant = case(
        (col(Decision.measure) == Measure.NONE, col(Report.reporter_id)),
        else_=col(Report.author_id),
    )
    return (
        select(col(Appeal.decision_id))
        .join(Decision, col(Decision.id) == Appeal.decision_id)
        .join(Report, col(Report.id) == Decision.report_id)
        .where(
            or_(
                col(Appeal.made_at) > col(Decision.made_at) + APPEAL_WITHIN,
                col(Decision.number) > 1,
                col(Appeal.user_id).is_distinct_from(appellant),
            )
        )
    )


CHECKS = (
    Check(
        "decisions_about_authors",
        "A decision is about the author of the reported thing.",
        _of_others(),
    ),
    Check("decisions_appealed", "A second decision is about an appeal.", _without_appeal()),
    Check(
        "appeals_of_sides",
        "An appeal is made in time against a first decision, by the side that it is against.",
        _wrong_appeals(),
    ),
)
