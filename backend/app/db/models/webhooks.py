"""Webhooks: URLs of programs that are sent events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text, text
from sqlmodel import Field

from app.core.errors import Conflict, NotFound
from app.core.outbound import Target
from app.db.models.fields import choice, id_field, moment_field, now
from app.db.models.kinds import EventKind, one_of, ref_of
from app.db.models.versioned import Versioned

MOST_PER_ACCOUNT = 10

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""The time before each further attempt; the last one is repeated."""
FAILING_FOR = timedelta(days=5)
"""How long each attempt may fail before the webhook is switched off."""
LEASE = timedelta(seconds=30)
"""How long a worker has for an attempt; after that, it is taken for dead."""
SLOW_FOR = timedelta(hours=1)
"""How long a receiver counts as slow after a slow answer."""
ROTATION = timedelta(hours=24)
"""How long messages are also signed with the previous secret."""


class WebhookNotFound(NotFound):
    code = "webhook_not_found"
    detail = "Webhook not found."


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"
    detail = f"You have {MOST_PER_ACCOUNT} webhooks. Delete one first."


class WebhookDisabled(Conflict):
    code = "webhook_disabled"
    detail = "The webhook is switched off. Switch it on first."


class DisabledReason(StrEnum):
    """The reason why a webhook is off."""

    OWNER = "owner"  # has switched it off
    GONE = "gone"  # the receiver has answered 410
    FAILING = "failing"  # for `FAILING_FOR`
    SECRET_LOST = "secret_lost"  # noqa: S105 (the key of the secret was forgotten)


class EventType(str):
    """The type of an event: its subject and its kind."""

    __slots__ = ()

    @classmethod
    def all(cls) -> list[str]:
        """The types of all events that are sent."""
        sent = (kinds for kinds in EventKind.__subclasses__() if kinds.sent)
        return [f"{kinds.subject}.{kind}" for kinds in sent for kind in kinds]

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        """Describes all types as an enum."""
        return one_of(cls, cls.all(), ref=ref_of(cls))


class WebhookEndpoint(Versioned, table=True):
    """A URL that is sent events.

    Events are sent in the order of their positions, one at a time. `position` is that of the last
    one that was received. `due_at` is the time of the next attempt; null if no event waits.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("url ~ '^https?://'", name="url"),
        CheckConstraint("array_to_string(events, ' ') ~ '^[a-z_.]+( [a-z_.]+)*$'", name="events"),
        CheckConstraint("cardinality(events) > 0", name="any_event"),
        CheckConstraint("NOT (market_wide AND key_id IS NOT NULL)", name="market_wide"),
        CheckConstraint("num_nonnulls(previous_secret, previous_until) <> 1", name="previous"),
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint(
            "attempts >= 0 AND (attempts > 0) = (failing_since IS NOT NULL)", name="attempts"
        ),
        CheckConstraint("num_nonnulls(disabled_at, disabled_reason) <> 1", name="disabled"),
        CheckConstraint("disabled_at IS NULL OR due_at IS NULL", name="due"),
        Index("ix_webhook_endpoints_user_id", "user_id", "id"),  # those of a user
        Index(  # to delete those of a key with it
            "ix_webhook_endpoints_key_id", "key_id", postgresql_where=text("key_id IS NOT NULL")
        ),
        Index(  # those that get events of all
            "ix_webhook_endpoints_market_wide", "id", postgresql_where=text("market_wide")
        ),
        Index(  # those with events that are due
            "ix_webhook_endpoints_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")
        ),
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    key_id: UUID | None = Field(default=None, foreign_key="api_keys.id", ondelete="CASCADE")
    url: str
    url_set_in: UUID | None = None  # the login or the key that did, which may have ended since
    events: list[str] = Field(sa_type=ARRAY(Text))
    market_wide: bool = False
    secret: bytes  # encrypted
    previous_secret: bytes | None = None  # likewise
    previous_until: datetime | None = moment_field(default=None)
    position: int = Field(default=0, sa_type=BigInteger)
    due_at: datetime | None = moment_field(default=None)
    leased_until: datetime | None = moment_field(default=None)
    attempts: int = 0
    slow: bool = False
    slow_at: datetime | None = moment_field(default=None)  # the last slow answer
    failing_since: datetime | None = moment_field(default=None)
    disabled_at: datetime | None = moment_field(default=None)
    disabled_reason: DisabledReason | None = Field(
        default=None, sa_type=choice(DisabledReason, "disabled_reason")
    )

    @property
    def target(self) -> Target:
        """The URL in its parts."""
        return Target.of(self.url)

    def enable(self) -> None:
        """Switches it on, and begins anew to count failures."""
        if self.disabled_at is not None:
            self.disabled_at = self.disabled_reason = self.failing_since = None
            self.attempts, self.due_at = 0, now()
            self.touch()

    def disable(self, reason: DisabledReason) -> None:
        """Switches it off, if it is on. Events that it has not received stay."""
        if self.disabled_at is not None:
            return
        self.disabled_at, self.disabled_reason, self.due_at = now(), reason, None
        self.touch()

    def demand_enabled(self) -> None:
        """Refuses one that is off.

        Raises:
            WebhookDisabled: It is off.
        """
        if self.disabled_at is not None:
            raise WebhookDisabled

    def renew_secret(self, secret: bytes) -> None:
        """Replaces the secret; the previous one is used, too, for `ROTATION`.

        Args:
            secret: The new secret, encrypted.
        """
        if self.disabled_reason is DisabledReason.SECRET_LOST:
            self.previous_secret = self.previous_until = None
        else:
            self.previous_secret, self.previous_until = self.secret, now() + ROTATION
        self.secret = secret
        self.touch()

    @property
    def secrets(self) -> Sequence[bytes]:
        """The encrypted secrets that messages are signed with."""
        if self.previous_secret and self.previous_until and self.previous_until > now():
            return self.secret, self.previous_secret
        return (self.secret,)

    def replay(self, position: int) -> None:
        """Has all events from a position on sent again, those that wait for it included."""
        self.position = min(self.position, position - 1)
        self.due_at = now()

    def lease(self) -> datetime:
        """Begins an attempt, and returns the end of its lease."""
        self.leased_until = leased_until = now() + LEASE
        return leased_until

    def measure(self, *, slow: bool) -> None:
        """Takes over how long the receiver took to answer.

        One that was slow stays so for `SLOW_FOR`: by a quick answer in between, it would get among
        the others again, and hold them up.

        Args:
            slow: Whether it took long.
        """
        if slow:
            self.slow_at = now()
        self.slow = self.slow_at is not None and now() - self.slow_at < SLOW_FOR

    def receive(self, position: int, after: int) -> None:
        """Ends an attempt with success.

        Args:
            position: The position of the event.
            after: The position of the webhook when the attempt began. If it is another one now, a
                replay has been asked for meanwhile.
        """
        if self.failing_since is not None:
            self.failing_since, self.attempts = None, 0
            self.touch()
        if self.position == after:
            self.position = position
        if self.disabled_at is None:
            self.due_at = now()

    def fail(self) -> None:
        """Ends an attempt without success: a further one is made later, up to `FAILING_FOR`."""
        self.attempts += 1
        if self.failing_since is None:
            self.failing_since = now()
            self.touch()
        if now() - self.failing_since >= FAILING_FOR:
            self.disable(DisabledReason.FAILING)
        else:
            self.due_at = now() + RETRIES[min(self.attempts, len(RETRIES)) - 1]
