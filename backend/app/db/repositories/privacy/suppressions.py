"""Export, erasure and expiry of suppressions."""

from sqlalchemy import delete

from app.db.models.privacy.suppressions import SuppressionExport
from app.db.models.suppressions import SUPPRESSED_FOR, Suppression
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, deleting_expired
from app.postgres.statements import col

SUPPRESSIONS = Part(
    source=Suppression,
    item=json_object(SuppressionExport, Suppression),
    key=col(Suppression.created_at),
    own=col(Suppression.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("suppressions", SuppressionExport, (SUPPRESSIONS,)),),
    erase=(delete(Suppression).where(col(Suppression.user_id) == USER_ID),),
    expire=(deleting_expired(Suppression, col(Suppression.created_at) <= MOMENT - SUPPRESSED_FOR),),
)
