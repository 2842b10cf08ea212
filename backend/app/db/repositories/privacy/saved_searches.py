"""Export and erasure of saved searches."""

from sqlalchemy import delete

from app.db.models.privacy.saved_searches import SavedSearchExport
from app.db.models.saved_searches import SavedSearch
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

SEARCHES = Part(
    source=SavedSearch,
    item=json_object(SavedSearchExport, SavedSearch),
    key=col(SavedSearch.id),
    own=col(SavedSearch.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("saved_searches", SavedSearchExport, (SEARCHES,)),),
    erase=(delete(SavedSearch).where(col(SavedSearch.user_id) == USER_ID),),
)
"""The keys are erased with their searches."""
