"""Export, erasure and expiry of decisions about reports, and of appeals."""

from sqlalchemy import null, select, update

from app.db.models.decisions import CONCERNS_AUTHOR, Appeal, Decision
from app.db.models.privacy.decisions import AppealExport, DecisionExport
from app.db.models.reports import COPY_KEPT_FOR, Report
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, json_object
from app.db.repositories.privacy import AT_ONCE, Part, Privacy, Section
from app.postgres.statements import Statement, col, inline, once

DECISIONS = Part(
    source=Decision,
    item=json_object(DecisionExport, Decision),
    key=col(Decision.id),
    own=(col(Decision.author_id) == CALLER_ID) & CONCERNS_AUTHOR,
)
APPEALS = Part(
    source=Appeal,
    item=json_object(AppealExport, Appeal),
    key=col(Appeal.decision_id),
    own=col(Appeal.user_id) == CALLER_ID,
)


def erasing_old() -> Statement:
    """Erases some words of appeals by persons without an account, of reports decided long ago."""
    some = (
        select(col(Appeal.decision_id))
        .join(Decision, col(Decision.id) == Appeal.decision_id)
        .join(Report, col(Report.id) == Decision.report_id)
        .where(
            col(Appeal.user_id).is_(None),
            col(Appeal.words).is_not(None),
            col(Report.decided_at) <= MOMENT - COPY_KEPT_FOR,
        )
        .limit(inline(AT_ONCE))
        .with_for_update(skip_locked=True, of=Appeal)
    )
    erased = update(Appeal).where(col(Appeal.decision_id).in_(once(some))).values(words=null())
    return Statement(erased.returning(inline(1)))


PRIVACY = Privacy(
    export=(
        Section("decisions", DecisionExport, (DECISIONS,)),
        Section("appeals", AppealExport, (APPEALS,)),
    ),
    erase=(
        update(Decision).where(col(Decision.author_id) == USER_ID).values(facts=null()),
        update(Appeal).where(col(Appeal.user_id) == USER_ID).values(words=null()),
    ),
    expire=(erasing_old(),),
)
