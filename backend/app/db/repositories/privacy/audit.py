"""Export, erasure and expiry of audit."""

from sqlalchemy import and_, case, or_

from app.db.models.audit import AuditEntry
from app.db.models.kinds.decisions import DecisionAction
from app.db.models.kinds.reports import ReportAction
from app.db.models.privacy.audit import AuditEntryExport
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col, inline

ACTOR_ID = col(AuditEntry.actor_id)
USER_IS_CALLER = col(AuditEntry.user_id) == CALLER_ID
NOT_OF_OTHERS = or_(ACTOR_ID == CALLER_ID, ACTOR_ID.is_(None))
ENTRY = json_object(
    AuditEntryExport,
    AuditEntry,
    by_oneself=ACTOR_ID.is_not_distinct_from(CALLER_ID),
    network=case((NOT_OF_OTHERS, col(AuditEntry.network))),
    request_id=case((NOT_OF_OTHERS, col(AuditEntry.request_id))),
    details=case((USER_IS_CALLER, col(AuditEntry.details))),
)
UNTOLD = col(AuditEntry.action).in_([inline(it) for it in (*ReportAction, *DecisionAction)])
"""Acts on reports about a user, who is told of decisions that concern them, and of no others."""
ABOUT_CALLER = Part(AuditEntry, ENTRY, col(AuditEntry.id), USER_IS_CALLER & ~UNTOLD)
BY_CALLER = Part(
    AuditEntry,
    ENTRY,
    col(AuditEntry.id),
    and_(ACTOR_ID == CALLER_ID, col(AuditEntry.user_id).is_distinct_from(CALLER_ID)),
)

PRIVACY = Privacy(export=(Section("audit", AuditEntryExport, (ABOUT_CALLER, BY_CALLER)),))
