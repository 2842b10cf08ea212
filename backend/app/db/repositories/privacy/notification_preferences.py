"""Export and erasure of the preferences of notifications."""

from sqlalchemy import delete

from app.db.models.notification_preferences import NotificationPreferences
from app.db.models.privacy.notification_preferences import NotificationPreferencesExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

PREFERENCES = Part(
    source=NotificationPreferences,
    item=json_object(NotificationPreferencesExport, NotificationPreferences),
    key=col(NotificationPreferences.user_id),
    own=col(NotificationPreferences.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("notification_preferences", NotificationPreferencesExport, (PREFERENCES,)),),
    erase=(delete(NotificationPreferences).where(col(NotificationPreferences.user_id) == USER_ID),),
)
