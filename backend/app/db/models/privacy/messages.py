"""Personal data of messages."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import SQLModel

from app.core.contacts import ContactKind
from app.db.models.fields import Moment
from app.db.models.messages import Message
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.privacy.questions import PLACE_KEPT, VersionExport
from app.postgres.statements import col


class MessageExport(SQLModel):
    """A message of the user."""

    cleaning_id: UUID
    cleaner_id: UUID
    number: int
    text: str | None
    contacts: list[ContactKind]
    revision: int
    created_at: Moment
    edited_at: Moment | None
    versions: list[VersionExport]


WRITTEN = "messages to the other side"

HOLDINGS = (
    Holding(
        "messages",
        "sender_id",
        {
            "text": Personal(Tier.PARTICIPANT, WRITTEN),
            "contacts": Personal(Tier.PRIVATE, "warnings of contact details"),
            **alike(("created_at", "edited_at"), Personal(Tier.PARTICIPANT, WRITTEN, PLACE_KEPT)),
        },
        others=(
            *("cleaning_id", "cleaner_id", "number", "sender_id", "client_id"),
            *("revision", "version", "updated_at"),
        ),
        erased={"contacts": func.cardinality(col(Message.contacts)) == 0},
    ),
    Holding(
        "message_versions",
        "sender_id",
        alike(("text", "written_at"), Personal(Tier.PARTICIPANT, WRITTEN)),
        others=("cleaning_id", "cleaner_id", "message", "number", "sender_id"),
    ),
)
