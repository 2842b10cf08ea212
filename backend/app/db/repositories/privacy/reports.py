"""Export, erasure and expiry of reports."""

from sqlalchemy import and_, null, or_, select

from app.db.models.privacy.reports import ReportExport
from app.db.models.reports import COPY_KEPT_FOR, Report
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, json_object
from app.db.repositories.privacy import AT_ONCE, Part, Privacy, Section, changing
from app.postgres.statements import Statement, col, inline, once

WORDS, CONTENT = col(Report.words), col(Report.content)
NOTIFIER = {name: null() for name in ("notifier_name", "notifier_email", "notifier_language")}
REPORTS = Part(
    source=Report,
    item=json_object(ReportExport, Report),
    key=col(Report.id),
    own=col(Report.reporter_id) == CALLER_ID,
)


def erasing_old() -> Statement:
    """Erases some copies, words and notifiers of reports that were decided long ago."""
    some = (
        select(col(Report.id))
        .where(
            col(Report.decided_at) <= MOMENT - COPY_KEPT_FOR,
            or_(
                CONTENT.is_not(None),
                WORDS.is_not(None),
                col(Report.notifier_email).is_not(None),
            ),
        )
        .limit(inline(AT_ONCE))
        .with_for_update(skip_locked=True)
    )
    erased = changing(
        Report, col(Report.id).in_(once(some)), content=null(), words=null(), **NOTIFIER
    )
    return Statement(erased.returning(inline(1)))


PRIVACY = Privacy(
    export=(Section("reports", ReportExport, (REPORTS,)),),
    erase=(
        changing(
            Report,
            and_(col(Report.reporter_id) == USER_ID, WORDS.is_not(None)),
            words=null(),
        ),
        changing(
            Report,
            and_(col(Report.author_id) == USER_ID, CONTENT.is_not(None)),
            content=null(),
        ),
    ),
    expire=(erasing_old(),),
)
