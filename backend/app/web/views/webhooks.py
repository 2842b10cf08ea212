"""Webhooks on pages."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.catalogues import N_
from app.core.outbound import Failure
from app.db.models.webhooks import DisabledReason, EventType
from app.services.webhook_deliveries import TEXTS

REASONS = {DisabledReason.OWNER: N_("You have switched it off."), **TEXTS}
"""The reasons why a webhook is off."""
FAILURES = {
    Failure.ADDRESS_REFUSED: N_("Its address is not public"),
    Failure.NAME_UNKNOWN: N_("The name of the server is unknown"),
    Failure.NOT_CONNECTED: N_("The server can't be reached"),
    Failure.TLS_FAILED: N_("The certificate is not valid"),
    Failure.INVALID_RESPONSE: N_("The response is no HTTP"),
    Failure.TIMEOUT: N_("No response in time"),
}
"""The reasons why there was no response."""
SUBJECTS: Mapping[str, str] = {
    "cleaning": N_("Jobs"),
    "offer": N_("Offers"),
    "booking": N_("Bookings"),
    "evaluation": N_("Reviews"),
    "package": N_("Packages"),
    "order": N_("Orders"),
    "question": N_("Questions about jobs"),
    "answer": N_("Answers about jobs"),
    "package_question": N_("Questions about packages"),
    "package_answer": N_("Answers about packages"),
    "thread": N_("Messages"),
    "user": N_("Accounts"),
    "profile": N_("Profiles"),
    "report": N_("Reports"),
    "decision": N_("Decisions"),
}
"""The headings of types of events, by their subjects."""


class Webhook(BaseModel):
    """A webhook of the viewer."""

    version: int = 0
    id: UUID
    url: str
    events: list[str]
    market_wide: bool
    key_id: UUID | None
    enabled: bool
    disabled_reason: DisabledReason | None
    failing_since: datetime | None
    position: int
    created_at: datetime

    @property
    def path(self) -> str:
        """Its page."""
        return f"/account/webhooks/{self.id}"

    @property
    def reason(self) -> str:
        """Why it is off, to be translated."""
        return REASONS[self.disabled_reason] if self.disabled_reason else ""


class Delivery(BaseModel):
    """An event for a webhook."""

    position: int
    type: str
    created_at: datetime
    attempts: int
    attempted_at: datetime | None
    status: int | None
    failure: Failure | None
    delivered_at: datetime | None

    @property
    def reason(self) -> str:
        """Why there was no response, to be translated."""
        return FAILURES[self.failure] if self.failure else ""


def event_types() -> dict[str, list[str]]:
    """The types of events by headings, to be translated."""
    by_subject = groupby(EventType.all(), lambda it: it.partition(".")[0])
    return {SUBJECTS.get(subject, subject): list(types) for subject, types in by_subject}


WEBHOOKS = TypeAdapter(list[Webhook])
DELIVERIES = TypeAdapter(list[Delivery])
