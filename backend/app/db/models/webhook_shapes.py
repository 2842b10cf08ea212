"""The shapes in which webhooks are sent and answered."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, StrictBool, StringConstraints, WithJsonSchema
from sqlmodel import Field, SQLModel

from app.core.outbound import LONGEST_URL, InvalidUrl, Target
from app.db.models.fields import Input, Moment, omittable
from app.db.models.versioned import Tagged
from app.db.models.webhooks import DisabledReason, EventType


def _is_url(value: str) -> str:
    try:
        Target.of(value)
    except InvalidUrl:
        raise ValueError("must be a URL such as https://hooks.example/cleanings") from None
    return value


def _each_once(types: list[str]) -> list[str]:
    return sorted(set(types))


WebhookUrl = Annotated[
    str,
    StringConstraints(max_length=LONGEST_URL),
    AfterValidator(_is_url),
    WithJsonSchema(
        {
            "type": "string",
            "format": "uri",
            "maxLength": LONGEST_URL,
            "description": "The URL that events are sent to: https, without a user and a fragment",
        }
    ),
]
EventTypes = Annotated[list[EventType], AfterValidator(_each_once)]
EXAMPLES: dict[str, Any] = {
    "url": {"examples": ["https://hooks.example/cleanings"]},
    "events": {"examples": [["offer.created", "booking.cancelled"]]},
}


class WebhookCreate(Input):
    """A new webhook."""

    url: WebhookUrl = Field(schema_extra=EXAMPLES["url"])
    events: EventTypes = Field(
        min_length=1,
        max_length=len(EventType.all()),
        description="The types of the events that are sent",
        schema_extra=EXAMPLES["events"],
    )
    market_wide: StrictBool = Field(
        default=False,
        description="Whether events of the whole market are sent, and not only those of things "
        "in which the caller has a part. Only superusers may have that",
    )


class WebhookUpdate(Input):
    """Changes of a webhook."""

    url: WebhookUrl = omittable(schema_extra=EXAMPLES["url"])
    events: EventTypes = omittable(
        min_length=1, max_length=len(EventType.all()), schema_extra=EXAMPLES["events"]
    )
    enabled: StrictBool = omittable(
        description="`false` switches the webhook off. `true` switches it on: events that it "
        "has not received since then are sent first"
    )


class WebhookFields(SQLModel):
    """A webhook, as its owner sees it."""

    id: UUID
    url: str = Field(schema_extra=EXAMPLES["url"])
    events: list[EventType] = Field(schema_extra=EXAMPLES["events"])
    market_wide: bool
    key_id: UUID | None = Field(description="The API key that has made it, and that it ends with")
    enabled: bool
    disabled_reason: DisabledReason | None = Field(
        description="`owner` has switched it off, the receiver was `gone` (410), or was `failing` "
        "for five days; with `secret_lost`, renew the secret. Null while it is on"
    )
    failing_since: Moment | None = Field(
        description="Since when no event was received; null if the last attempt was successful"
    )
    position: int = Field(description="The position of the last event that was received, or 0")
    created_at: Moment


class WebhookPublic(WebhookFields, Tagged):
    """A webhook, as its owner sees it."""


class WebhookSecret(SQLModel):
    """The secret of a webhook, shown only once."""

    secret: str = Field(
        description="The secret that messages are signed with: keep it, it is not shown again",
        schema_extra={"examples": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="]},
    )


class WebhookCreated(WebhookSecret):
    """A new webhook."""

    id: UUID
