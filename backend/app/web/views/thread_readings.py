"""Messages on pages of staff."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.catalogues import N_
from app.core.contacts import ContactKind
from app.web.views.people import Named
from app.web.views.photos import Photo

CONTACTS = {
    ContactKind.PHONE_NUMBER: N_("Phone number"),
    ContactKind.EMAIL_ADDRESS: N_("Email address"),
    ContactKind.URL: N_("Link"),
}
"""The words for kinds of contact details."""


class ThreadReading(BaseModel):
    """A reading of a thread by the viewer."""

    owner: Named
    cleaner: Named
    report_id: UUID | None
    reason: str | None
    ends_at: datetime


class Message(BaseModel):
    """A message as staff sees it."""

    number: int
    sender_id: UUID
    text: str | None
    earlier_texts: list[str]
    contacts: list[ContactKind]
    created_at: datetime

    @property
    def found(self) -> list[str]:
        """The kinds of contact details in it, to be translated."""
        return [CONTACTS[kind] for kind in self.contacts]


class ReadMessage(Message):
    """A message in a thread that the viewer reads."""

    photos: list[Photo]
    edited_at: datetime | None


class FlaggedMessage(Message):
    """A message with contact details, in the list of all."""

    cleaning_id: UUID
    cleaner_id: UUID


READ_MESSAGES = TypeAdapter(list[ReadMessage])
FLAGGED = TypeAdapter(list[FlaggedMessage])
