"""Deliveries of webhooks: messages and their outcomes, and what owners ask for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson

from app.core.catalogues import N_
from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.outbound import Failure, Target
from app.core.raising import raises
from app.core.security.keys import Keyring, NotOurs
from app.core.security.tokens import Bearer
from app.core.security.webhooks import signed_headers
from app.db.models.fields import now
from app.db.models.notices import Notice
from app.db.models.users import User
from app.db.models.webhook_deliveries import (
    TEST_TYPE,
    DeliveryNotFound,
    ReplayRequest,
)
from app.db.models.webhooks import (
    DisabledReason,
    WebhookDisabled,
    WebhookEndpoint,
    WebhookNotFound,
)
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.webhook_deliveries import DeliveryRepository, Message
from app.db.repositories.webhooks import WebhookRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards
from app.services.webhooks import PURPOSE, sealed

HEADERS = {"Content-Type": "application/json", "User-Agent": "Marketplace-Webhooks/1.0"}
GONE = 410
"""The status by which a receiver asks for no further events."""
UNUSABLE_FOR = timedelta(hours=1)
"""When a webhook is looked at again whose owner is blocked, or whose key has expired."""
TEXTS = {
    DisabledReason.GONE: N_("Its receiver has answered that it is gone (410)."),
    DisabledReason.FAILING: N_("No event could be delivered for five days."),
    DisabledReason.SECRET_LOST: N_("Its secret can no longer be read. Renew it."),
}
"""The reasons in mails."""


class Delivery(NamedTuple):
    """An attempt to deliver an event.

    Args:
        endpoint_id: The webhook.
        leased_until: The end of the lease of the webhook, which names the attempt.
        position: The position of the event.
        after: The position of the webhook.
        slow: Whether its receiver was slow to answer lately.
        alone: Whether it was asked for, so that it is not repeated.
        target: The URL.
        headers: The header fields.
        body: The body.
    """

    endpoint_id: UUID
    leased_until: datetime
    position: int
    after: int
    slow: bool
    alone: bool
    target: Target
    headers: dict[str, str]
    body: bytes


class Outcome(NamedTuple):
    """The outcome of an attempt.

    Args:
        delivery: The attempt.
        result: The status of the response, or the reason why there is none.
        slow: Whether it took long.
    """

    delivery: Delivery
    result: int | Failure
    slow: bool

    @property
    def status(self) -> int | None:
        """The status of the response, if there was one."""
        return None if isinstance(self.result, Failure) else self.result

    @property
    def received(self) -> bool:
        """Whether the receiver has the event."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 (RFC 9110)


class DeliveryService:
    """The use cases of workers: they begin attempts, and record the outcomes.

    Args:
        transaction: The unit of work.
        keyring: Decrypts the secrets.
    """

    def __init__(self, transaction: Transaction, keyring: Keyring) -> None:
        self._deliveries = DeliveryRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._keyring = keyring

    async def end(self, outcomes: Sequence[Outcome]) -> None:
        """Records the outcomes of attempts, unless their leases are over."""
        endpoints = await self._deliveries.lock([it.delivery.endpoint_id for it in outcomes])
        for outcome in outcomes:
            endpoint = endpoints.get(outcome.delivery.endpoint_id)
            if endpoint is not None and endpoint.leased_until == outcome.delivery.leased_until:
                self._end(endpoint, outcome)

    def _end(self, endpoint: WebhookEndpoint, outcome: Outcome) -> None:
        delivery, result = outcome.delivery, outcome.result
        endpoint.leased_until = None
        endpoint.measure(slow=outcome.slow)
        self._deliveries.end(
            endpoint.id,
            delivery.position,
            now(),
            status=outcome.status,
            failure=result if isinstance(result, Failure) else None,
            delivered=outcome.received,
        )
        if outcome.received and not delivery.alone:
            endpoint.receive(delivery.position, delivery.after)
        elif endpoint.disabled_at is None:
            if outcome.status == GONE:
                endpoint.disable(DisabledReason.GONE)
            elif not delivery.alone:
                endpoint.fail()
            self._tell(endpoint)

    def _tell(self, endpoint: WebhookEndpoint) -> None:
        """Tells the owner by mail that a webhook has been switched off."""
        if endpoint.disabled_reason is not None:
            reason = TEXTS[endpoint.disabled_reason]
            details = {"host": endpoint.target.authority, "reason": reason}
            self._tasks.notify(endpoint.user_id, Notice.WEBHOOK_DISABLED, **details)

    async def take(self, most: int, *, slow: bool) -> list[Delivery]:
        """Begins attempts, one per webhook with events that are due.

        Args:
            most: How many at the most.
            slow: Whether to those that were slow to answer lately, or to the others.
        """
        endpoints = await self._deliveries.due(most, now(), slow=slow)
        if not endpoints:
            return []
        messages = await self._deliveries.messages([it.id for it in endpoints])
        found = {it.endpoint_id: it for it in messages}
        attempts = (self._begin(endpoint, found[endpoint.id]) for endpoint in endpoints)
        return [it for it in attempts if it is not None]

    def _begin(self, endpoint: WebhookEndpoint, message: Message) -> Delivery | None:
        if not message.usable:
            endpoint.due_at = now() + UNUSABLE_FOR
            return None
        if message.position is None:
            endpoint.due_at = None
            return None
        try:
            secrets = [self._secret(endpoint, it) for it in endpoint.secrets]
        except NotOurs:
            endpoint.disable(DisabledReason.SECRET_LOST)
            self._tell(endpoint)
            return None
        if not self._keyring.is_present(PURPOSE, endpoint.secret):
            endpoint.secret = sealed(self._keyring, endpoint.id, secrets[0])
        body = body_of(message)
        return Delivery(
            endpoint_id=endpoint.id,
            leased_until=endpoint.lease(),
            position=message.position,
            after=endpoint.position,
            slow=endpoint.slow,
            alone=message.requested_at is not None,
            target=endpoint.target,
            headers=HEADERS | signed_headers(secrets, id_of(message), now(), body),
            body=body,
        )

    def _secret(self, endpoint: WebhookEndpoint, encrypted: bytes) -> bytes:
        return self._keyring.decrypt(PURPOSE, encrypted, bound_to=endpoint.id.bytes)


def id_of(message: Message) -> str:
    """The id of a message: that of its event, so that receivers recognise one sent twice."""
    if message.event_id is None and message.requested_at is not None:
        return f"test_{int(message.requested_at.timestamp() * 1_000_000)}"
    return f"evt_{message.event_id}"


def body_of(message: Message) -> bytes:
    """The body of a message: ids only, by which receivers read what they may see."""
    if message.event_id is None:
        moment, data = message.requested_at, {}
    else:
        names = ("version", "cleaning_id", "package_id")
        moment, data = message.created_at, {"id": message.subject_id}
        data |= {name: value for name in names if (value := getattr(message, name)) is not None}
    event = {
        "type": message.type or TEST_TYPE,
        "timestamp": moment,
        "position": message.position,
        "data": data,
    }
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z)


class WebhookDeliveryService:
    """What owners ask for: tests, and events once more.

    Args:
        transaction: The unit of work.
        safeguards: The rate limits.
    """

    def __init__(self, transaction: Transaction, _: Client, safeguards: Safeguards) -> None:
        self._deliveries = DeliveryRepository(transaction)
        self._endpoints = WebhookRepository(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._limit = safeguards.limits.webhook_replays_per_account
        self._transaction = transaction

    @raises(WebhookNotFound, WebhookDisabled, TooManyRequests)
    async def test(self, caller: User, login: Bearer, webhook_id: UUID) -> None:
        """Has a test event sent."""
        endpoint = await self._lock(login, webhook_id)
        (await self._deliveries.test(endpoint.id)).request()
        await self._count(caller)

    @raises(WebhookNotFound, WebhookDisabled, DeliveryNotFound, TooManyRequests)
    async def repeat(self, caller: User, login: Bearer, webhook_id: UUID, position: int) -> None:
        """Has an event sent once more."""
        endpoint = await self._lock(login, webhook_id)
        delivery = await self._deliveries.find(endpoint.id, position)
        if delivery is None:
            raise DeliveryNotFound
        delivery.request()
        await self._count(caller)

    @raises(WebhookNotFound, WebhookDisabled, TooManyRequests)
    async def replay(
        self, caller: User, login: Bearer, webhook_id: UUID, wanted: ReplayRequest
    ) -> None:
        """Has all events from a position on sent again."""
        endpoint = await self._lock(login, webhook_id)
        endpoint.replay(wanted.position)
        await self._count(caller)

    async def _lock(self, login: Bearer, webhook_id: UUID) -> WebhookEndpoint:
        endpoint = await self._endpoints.lock(login, webhook_id)
        endpoint.demand_enabled()
        endpoint.due_at = now()
        return endpoint

    async def _count(self, caller: User) -> None:
        attempt = Attempt(self._limit, ("account", str(caller.id)))
        await self._throttles.take_within(self._transaction, attempt)
