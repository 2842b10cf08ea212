"""Export and erasure of messages."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, literal_column, null, select

from app.db.models.messages import Message, MessageVersion
from app.db.models.privacy.messages import MessageExport
from app.db.models.privacy.questions import VersionExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_array, json_object
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.postgres.statements import col

NO_CONTACTS: Any = literal_column("'{}'::text[]")


def _versions() -> ColumnElement[Any]:
    item = json_object(VersionExport, MessageVersion)
    return (
        select(json_array(item, col(MessageVersion.number)))
        .where(
            col(MessageVersion.cleaning_id) == Message.cleaning_id,
            col(MessageVersion.cleaner_id) == Message.cleaner_id,
            col(MessageVersion.message) == Message.number,
        )
        .scalar_subquery()
    )


MESSAGES = Part(
    source=Message,
    item=json_object(
        MessageExport,
        Message,
        contacts=func.to_json(col(Message.contacts)),
        versions=_versions(),
    ),
    key=col(Message.created_at),
    own=col(Message.sender_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("messages", MessageExport, (MESSAGES,)),),
    erase=(
        delete(MessageVersion).where(col(MessageVersion.sender_id) == USER_ID),
        changing(
            Message,
            and_(col(Message.sender_id) == USER_ID, col(Message.text).is_not(None)),
            text=null(),
            contacts=NO_CONTACTS,
        ),
    ),
)
