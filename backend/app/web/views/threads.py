"""Threads and messages on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.db.models.fields import now
from app.db.models.messages import EDITABLE_FOR
from app.db.models.threads import CLOSURES, OPEN_FOR, Closure
from app.services.notification_views import Order
from app.web.views.people import Named
from app.web.views.photos import Photo

LIST = "/messages"


class Job(BaseModel):
    """The job of a thread."""

    name: str


class LastMessage(BaseModel):
    """The last message of a thread."""

    sender_id: UUID
    excerpt: str | None
    created_at: datetime


class Thread(BaseModel):
    """A thread."""

    cleaning_id: UUID
    cleaner_id: UUID
    other: Named
    cleaning: Job | None
    order: Order | None
    closed: Closure | None
    messages: int
    unread: int
    last_message: LastMessage | None

    @property
    def path(self) -> str:
        """Its page."""
        return f"{LIST}/{self.cleaning_id}/{self.cleaner_id}"

    @property
    def topic_path(self) -> str | None:
        """The page of the order or the job; None if the user can't see it any more."""
        if self.order:
            return f"/orders/{self.cleaning_id}"
        return f"/jobs/{self.cleaning_id}" if self.cleaning else None

    @property
    def closure(self) -> str | None:
        """Why no message can be sent, to be translated; None while it is open."""
        return self.closed and CLOSURES[self.closed]

    @property
    def open_for(self) -> int:
        """The number of days after the end of the job for which it stays open."""
        return OPEN_FOR.days


class Message(BaseModel):
    """A message."""

    number: int
    sender_id: UUID
    text: str | None
    warnings: list[str]
    photos: list[Photo]
    pending_photos: int
    created_at: datetime
    edited_at: datetime | None

    @property
    def is_editable(self) -> bool:
        """Whether its sender can change it by now."""
        return self.text is not None and now() < self.created_at + EDITABLE_FOR


THREADS = TypeAdapter(list[Thread])
MESSAGES = TypeAdapter(list[Message])
