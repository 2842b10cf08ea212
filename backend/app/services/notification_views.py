"""Notifications as pages and mails show them: a sentence, and the page of its subject."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.catalogues import N_, Translate
from app.db.models.decisions import RULES, Rule
from app.db.models.notification_kinds import NotificationKind
from app.db.models.notification_rules import SENTENCES
from app.db.models.notification_security_rules import SECURITY
from app.db.models.order_terms import name_of
from app.db.models.reported import THINGS, Reported

OPERATOR = N_("The operator")
HIDDEN = N_("a job that you can't see any more")
PAGES: Mapping[NotificationKind, str] = {
    NotificationKind.PICTURE_HIDDEN: "/account/profile",
    NotificationKind.PICTURE_SHOWN: "/account/profile",
    **{rule.kind: "/account/security" for rule in SECURITY},
    NotificationKind.NEW_LOGIN: "/account/sessions",
    NotificationKind.SESSION_STOLEN: "/account/sessions",
    NotificationKind.API_KEY_CREATED: "/account/keys",
    NotificationKind.WEBHOOK_CREATED: "/account/webhooks",
    NotificationKind.WEBHOOK_URL_CHANGED: "/account/webhooks",
    NotificationKind.WEBHOOK_DISABLED: "/account/webhooks",
}
"""The pages of kinds of notifications that are about the account itself."""


class Actor(BaseModel):
    """The user who has caused an event."""

    username: str
    full_name: str | None


class Job(BaseModel):
    """The job that a notification is about."""

    name: str


class Package(BaseModel):
    """The package that a notification is about."""

    id: UUID
    name: str


class OrderItem(BaseModel):
    """A package of an order."""

    quantity: int
    name: str


class Order(BaseModel):
    """The order that a thread is about."""

    items: list[OrderItem]

    @property
    def name(self) -> str:
        """The name of its job."""
        return name_of(self.items)


class Thread(BaseModel):
    """The thread that a notification is about."""

    cleaning_id: UUID
    cleaner_id: UUID
    order: Order | None


class ReportedThing(BaseModel):
    """What a report is about that was decided."""

    subject: Reported
    name: str | None

    def title(self, translate: Translate) -> str:
        """Its kind, and its name as far as the reader sees it.

        Args:
            translate: Translates a text.
        """
        return " · ".join(filter(None, (translate(THINGS[self.subject]), self.name)))


class Notification(BaseModel):
    """A notification."""

    position: int
    kind: NotificationKind
    group: str
    unread: bool
    subject: str
    subject_id: UUID
    actor: Actor | None
    cleaning_id: UUID | None
    cleaning: Job | None
    booking_id: UUID | None
    package: Package | None
    thread: Thread | None
    reported: ReportedThing | None
    reason: str | None
    rule: Rule | None
    created_at: datetime

    def sentence(self, translate: Translate, isolated: Callable[[str], str]) -> str:
        """What it says.

        Args:
            translate: Translates a text.
            isolated: Keeps a name from changing the direction of the sentence.
        """
        actor, order = self.actor, self.thread and self.thread.order
        about = self.package or self.cleaning or order
        person = actor.full_name or actor.username if actor else translate(OPERATOR)
        title = about.name if about else translate(HIDDEN)
        if self.reported:
            title = self.reported.title(translate)
        names = {"person": isolated(person), "name": isolated(title)}
        return translate(SENTENCES[self.kind]) % names

    @property
    def ground(self) -> str | None:
        """The rule of a restriction, to be translated."""
        return self.rule and RULES[self.rule]

    @property
    def path(self) -> str | None:
        """The page of what it is about; None if the user can't see it any more."""
        questions = "/questions" if self.group == "questions" else ""
        if self.kind in PAGES:
            return PAGES[self.kind]
        if self.thread:
            return f"/messages/{self.thread.cleaning_id}/{self.thread.cleaner_id}"
        if self.subject in {"order", "decision"}:
            return f"/{self.subject}s/{self.subject_id}"
        if self.package:
            return f"/packages/{self.package.id}{questions}"
        if self.booking_id:
            return f"/bookings/{self.cleaning_id}/{self.booking_id}"
        return f"/jobs/{self.cleaning_id}{questions}" if self.cleaning else None


NOTIFICATIONS = TypeAdapter(list[Notification])
