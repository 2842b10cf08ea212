"""Deliveries of webhooks: the events that each is sent, and what has become of them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import pydantic
from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.core.errors import NotFound
from app.core.outbound import Failure
from app.db.models.fields import Input, Moment, choice, moment_field, now, whole_number
from app.db.models.stream import LARGEST_POSITION
from app.db.models.webhooks import EventType
from app.postgres.rows import Row

KEPT_FOR = timedelta(days=30)
"""How long deliveries are kept."""
TEST = 0
"""The position of the test event, which is in no stream."""
TEST_TYPE = "webhook.test"


class DeliveryNotFound(NotFound):
    code = "delivery_not_found"
    detail = "Delivery not found. Deliveries are kept for 30 days."


class WebhookDelivery(Row, table=True):
    """An event for a webhook.

    A row with `requested_at` is sent once more, or is a test: one attempt is made before events
    that wait, regardless of its success. There is no foreign key: the rows of a deleted webhook
    expire like others, so that deleting one takes a moment however many it has.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint("(position = 0) = (event_id IS NULL)", name="test"),
        CheckConstraint(
            "attempts >= 0 AND (attempts > 0) = (attempted_at IS NOT NULL)", "attempts"
        ),
        CheckConstraint("status IS NULL OR failure IS NULL", name="outcome"),
        CheckConstraint("status BETWEEN 100 AND 999", name="status"),
        CheckConstraint("delivered_at IS NULL OR attempted_at IS NOT NULL", name="delivered"),
        Index(  # those that were asked for
            "ix_webhook_deliveries_requested",
            "endpoint_id",
            "position",
            postgresql_where=text("requested_at IS NOT NULL"),
        ),
        Index("ix_webhook_deliveries_created_at", "created_at"),  # housekeeping
    )

    endpoint_id: UUID = Field(primary_key=True)
    position: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    event_id: UUID | None = None
    version: int | None = None  # that the subject had when the event entered the stream
    created_at: datetime = moment_field(default_factory=now)
    requested_at: datetime | None = moment_field(default=None)
    attempts: int = 0
    attempted_at: datetime | None = moment_field(default=None)
    status: int | None = None  # of the last response
    failure: Failure | None = Field(default=None, sa_type=choice(Failure, "failure"))
    delivered_at: datetime | None = moment_field(default=None)

    def request(self) -> None:
        """Has one more attempt made."""
        self.requested_at = now()


class ReplayRequest(Input):
    """The first event that is to be sent again."""

    position: Annotated[
        int,
        pydantic.Field(strict=True, ge=1, le=LARGEST_POSITION),
        pydantic.BeforeValidator(whole_number),
    ] = Field(
        description="All events from this position on are sent again, as far as the log has them",
        schema_extra={"examples": [1204]},
    )


class DeliveryPublic(SQLModel):
    """A delivery, as the owner of the webhook sees it."""

    position: int = Field(description="The position of the event in the stream; 0 for a test")
    type: EventType | str = Field(schema_extra={"examples": ["offer.created"]})
    created_at: Moment = Field(description="When the event entered the stream")
    attempts: int
    attempted_at: Moment | None = Field(description="The time of the last attempt")
    status: int | None = Field(description="The status of the last response, if there was one")
    failure: Failure | None = Field(description="The reason why there was no response")
    delivered_at: Moment | None = Field(description="When it was received; null until then")
