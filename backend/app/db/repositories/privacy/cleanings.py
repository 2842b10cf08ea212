"""Export, erasure and expiry of cleanings."""

from sqlalchemy import delete, func, null, select

from app.db.models.cleanings import Cleaning
from app.db.models.privacy.cleanings import CleaningExport, RevisionExport
from app.db.models.terms import CleaningRevision, complete
from app.db.repositories.base import CALLER_ID, USER_ID, json_array, json_object
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.postgres.statements import col, inline

NO_NAME = inline("Deleted")
OWN_CLEANINGS = select(col(Cleaning.id)).where(col(Cleaning.owner_id) == USER_ID)

REVISION = json_object(
    RevisionExport, CleaningRevision, terms=complete(col(CleaningRevision.terms))
)
REVISIONS = (
    select(json_array(REVISION, col(CleaningRevision.revision)))
    .where(col(CleaningRevision.cleaning_id) == Cleaning.id)
    .scalar_subquery()
)
CLEANINGS = Part(
    source=Cleaning,
    item=json_object(CleaningExport, Cleaning, revisions=REVISIONS),
    key=col(Cleaning.id),
    own=col(Cleaning.owner_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("cleanings", CleaningExport, (CLEANINGS,)),),
    erase=(
        delete(CleaningRevision).where(col(CleaningRevision.cleaning_id).in_(OWN_CLEANINGS)),
        changing(
            Cleaning,
            col(Cleaning.owner_id) == USER_ID,
            name=NO_NAME,
            description=null(),
            area=null(),
            area_key=null(),
            address=null(),
            photos=func.jsonb_build_array(),
            cancellation_reason=null(),
            search=null(),
            words_revision=null(),  # the worker makes the search vector of the new name
        ),
    ),
)
