"""Export, erasure and expiry of notifications."""

from sqlalchemy import delete

from app.db.models.notifications import Notification, NotificationBox
from app.db.models.privacy.notifications import NotificationBoxExport, NotificationExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.notifications import deleting_of_deleted, deleting_old
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

NOTIFICATIONS = Part(
    source=Notification,
    item=json_object(NotificationExport, Notification),
    key=col(Notification.position),
    own=col(Notification.user_id) == CALLER_ID,
)
BOXES = Part(
    source=NotificationBox,
    item=json_object(NotificationBoxExport, NotificationBox),
    key=col(NotificationBox.user_id),
    own=col(NotificationBox.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(
        Section("notifications", NotificationExport, (NOTIFICATIONS,)),
        Section("notification_boxes", NotificationBoxExport, (BOXES,)),
    ),
    erase=tuple(
        delete(table).where(col(table.user_id) == USER_ID)
        for table in (Notification, NotificationBox)
    ),
    expire=(deleting_old(), deleting_of_deleted()),
)
