"""Checks of reports."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select

from app.db.doctor.check import Check
from app.db.models.decisions import Decision
from app.db.models.reports import COPY_KEPT_FOR, Report, ReportStatus
from app.postgres.statements import col

GRACE = timedelta(days=1)
"""How long housekeeping may be late."""


def _miscounted() -> Any:
    """Reports with another number of decisions than their own."""
    decisions = select(func.count()).where(col(Decision.report_id) == Report.id).scalar_subquery()
    return select(col(Report.id)).where(col(Report.decisions) != decisions)


def _kept_too_long() -> Any:
    """Reports that were decided long ago, with a copy, the words or the notifier."""
    return select(col(Report.id)).where(
        col(Report.decided_at) < func.now() - COPY_KEPT_FOR - GRACE,
        or_(
            col(Report.content).is_not(None),
            col(Report.words).is_not(None),
            col(Report.notifier_email).is_not(None),
        ),
    )


def _taken_by_decider() -> Any:
    """Reports on appeal whose taker made the decision appealed against."""
    return (
        select(col(Report.id))
        .join(Decision, col(Decision.report_id) == Report.id)
        .where(col(Report.status) == ReportStatus.TAKEN, col(Decision.staff_id) == Report.taker_id)
    )


CHECKS = (
    Check("reports_decided", "A report has the number of decisions about it.", _miscounted()),
    Check(
        "reports_expired",
        "Copies, words and notifiers of reports are erased 90 days after the decision.",
        _kept_too_long(),
    ),
    Check(
        "reports_taken",
        "No member of staff takes an appeal against their own decision.",
        _taken_by_decider(),
    ),
)
