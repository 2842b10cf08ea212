"""Export and erasure of mails of notifications that wait."""

from sqlalchemy import delete

from app.db.models.notification_mails import NotificationMail
from app.db.models.privacy.notification_mails import NotificationMailExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

MAILS = Part(
    source=NotificationMail,
    item=json_object(NotificationMailExport, NotificationMail),
    key=col(NotificationMail.mode),
    own=col(NotificationMail.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("notification_mails", NotificationMailExport, (MAILS,)),),
    erase=(delete(NotificationMail).where(col(NotificationMail.user_id) == USER_ID),),
)
