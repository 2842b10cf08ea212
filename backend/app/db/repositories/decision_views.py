"""How decisions about reports look to the caller."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from app.db.models.decisions import (
    APPEAL_WITHIN,
    CONCERNS_AUTHOR,
    IS_MEASURE,
    Appeal,
    AppealPublic,
    Decision,
    DecisionPublic,
)
from app.db.models.reports import Report
from app.db.repositories.base import CALLER_ID, json_array, json_object
from app.db.repositories.reported import excerpt, thing_name
from app.postgres.statements import col, inline

OF_REPORT = col(Decision.report_id) == col(Report.id)
HAS_PART = or_(
    col(Report.reporter_id) == CALLER_ID,
    and_(col(Report.author_id) == CALLER_ID, CONCERNS_AUTHOR),
)
"""Whether the caller is a side of the report that gets the decision."""


def _appeal(*, for_staff: bool) -> ColumnElement[Any]:
    is_own = col(Appeal.user_id) == CALLER_ID
    words = col(Appeal.words) if for_staff else case((is_own, col(Appeal.words)))
    return (
        select(json_object(AppealPublic, Appeal, words=words))
        .where(col(Appeal.decision_id) == Decision.id)
        .scalar_subquery()
    )


def _appeal_until() -> ColumnElement[Any]:
    until = col(Decision.made_at) + APPEAL_WITHIN
    appellant = case((IS_MEASURE, col(Report.author_id)), else_=col(Report.reporter_id))
    was_made = select(col(Appeal.decision_id)).where(col(Appeal.decision_id) == Decision.id)
    return case(
        (
            and_(
                col(Decision.number) == inline(1),
                until > func.now(),
                appellant == CALLER_ID,
                ~was_made.exists(),
            ),
            until,
        )
    )


def decision_json(*, for_staff: bool = False) -> ColumnElement[Any]:
    """A decision as JSON, beside its report.

    Args:
        for_staff: Whether staff reads it.
    """
    return json_object(
        DecisionPublic,
        Decision,
        subject=col(Report.subject),
        path=col(Report.path),
        name=thing_name(),
        excerpt=excerpt(),
        automated=false(),
        appeal_until=_appeal_until(),
        appeal=_appeal(for_staff=for_staff),
    )


def decisions_json(*, for_staff: bool = False) -> ColumnElement[Any]:
    """The decisions about a report as JSON, the first one first.

    Args:
        for_staff: Whether staff reads them.
    """
    item = decision_json(for_staff=for_staff)
    return (
        select(json_array(item, col(Decision.number)))
        .where(OF_REPORT)
        .correlate(Report)
        .scalar_subquery()
    )
