"""Checks of notices by persons without an account."""

from typing import Any

from sqlalchemy import func, select

from app.db.doctor.check import Check
from app.db.doctor.reports import GRACE
from app.db.models.decisions import Appeal, Decision
from app.db.models.public_notices import MOST_NEW_NOTICES
from app.db.models.reports import COPY_KEPT_FOR, Report
from app.postgres.statements import col


def _too_many() -> Any:
    """Things with more notices than may wait for their first decision."""
    return (
        select(col(Report.path))
        .where(col(Report.reporter_id).is_(None), col(Report.decisions) == 0)
        .group_by(col(Report.path))
        .having(func.count() > MOST_NEW_NOTICES)
    )


def _kept_too_long() -> Any:
    """Appeals by notifiers about reports that were decided long ago, with their words."""
    return (
        select(col(Appeal.decision_id))
        .join(Decision, col(Decision.id) == Appeal.decision_id)
        .join(Report, col(Report.id) == Decision.report_id)
        .where(
            col(Appeal.user_id).is_(None),
            col(Appeal.words).is_not(None),
            col(Report.decided_at) < func.now() - COPY_KEPT_FOR - GRACE,
        )
    )


CHECKS = (
    Check(
        "notices_per_thing",
        f"At most {MOST_NEW_NOTICES} notices about a thing wait for their first decision.",
        _too_many(),
    ),
    Check(
        "appeals_of_notifiers_expired",
        "The words of appeals by notifiers are erased 90 days after the decision.",
        _kept_too_long(),
    ),
)
