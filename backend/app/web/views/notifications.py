"""Notifications on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.db.models.notification_kinds import NotificationKind
from app.db.models.notification_rules import SENTENCES
from app.web.views.people import Named


class Job(BaseModel):
    """The job that a notification is about."""

    name: str


class Package(BaseModel):
    """The package that a notification is about."""

    id: UUID
    name: str


class Notification(BaseModel):
    """A notification."""

    position: int
    kind: NotificationKind
    group: str
    unread: bool
    subject: str
    subject_id: UUID
    actor: Named | None
    cleaning_id: UUID | None
    cleaning: Job | None
    booking_id: UUID | None
    package: Package | None
    reason: str | None
    created_at: datetime

    @property
    def sentence(self) -> str:
        """What it says, to be translated."""
        return SENTENCES[self.kind]

    @property
    def name(self) -> str | None:
        """The name of the job or the package; None if the user can't see it any more."""
        about = self.package or self.cleaning
        return about.name if about else None

    @property
    def path(self) -> str | None:
        """The page of what it is about."""
        questions = "/questions" if self.group == "questions" else ""
        if self.subject == "order":
            return f"/orders/{self.subject_id}"
        if self.package:
            return f"/packages/{self.package.id}{questions}"
        if self.booking_id:
            return f"/bookings/{self.cleaning_id}/{self.booking_id}"
        return f"/jobs/{self.cleaning_id}{questions}" if self.cleaning else None


NOTIFICATIONS = TypeAdapter(list[Notification])
