"""Export and erasure of decisions about reports."""

from sqlalchemy import null, update

from app.db.models.decisions import CONCERNS_AUTHOR, Appeal, Decision
from app.db.models.privacy.decisions import AppealExport, DecisionExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

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

PRIVACY = Privacy(
    export=(
        Section("decisions", DecisionExport, (DECISIONS,)),
        Section("appeals", AppealExport, (APPEALS,)),
    ),
    erase=(
        update(Decision).where(col(Decision.author_id) == USER_ID).values(facts=null()),
        update(Appeal).where(col(Appeal.user_id) == USER_ID).values(words=null()),
    ),
)
