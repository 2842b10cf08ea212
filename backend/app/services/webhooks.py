"""Webhooks: making, changing and deleting them."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from app.core.clients import Client
from app.core.errors import Invalid, PreconditionFailed
from app.core.outbound import Target
from app.core.raising import raises
from app.core.security.keys import Keyring
from app.core.security.tokens import Bearer
from app.core.security.webhooks import new_secret, secret_text
from app.core.versions import ExpectedVersion
from app.db.models.api_keys import InsufficientScope, SessionNeeded
from app.db.models.kinds.webhooks import WebhookAction
from app.db.models.notices import Notice
from app.db.models.second_factors import StaffNeedsSecondFactor
from app.db.models.users import SuperuserOnly, User, UserRole
from app.db.models.webhook_audiences import SCOPES
from app.db.models.webhook_shapes import (
    WebhookCreate,
    WebhookCreated,
    WebhookSecret,
    WebhookUpdate,
)
from app.db.models.webhooks import (
    MOST_PER_ACCOUNT,
    DisabledReason,
    TooManyWebhooks,
    WebhookEndpoint,
    WebhookNotFound,
)
from app.db.repositories.audit import AuditRepository
from app.db.repositories.second_factors import SecondFactorReader
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.webhooks import WebhookRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards

PURPOSE = "webhook secrets"


def sealed(keyring: Keyring, endpoint_id: UUID, secret: bytes) -> bytes:
    """The secret of a webhook, encrypted."""
    return keyring.encrypt(PURPOSE, secret, bound_to=endpoint_id.bytes)


class WebhookService:
    """The use cases of webhooks.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The keys, and the rules for URLs.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._audit = AuditRepository(transaction)
        self._endpoints = WebhookRepository(transaction)
        self._second_factors = SecondFactorReader(transaction)
        self._tasks = TaskRepository(transaction)
        self._client, self._safeguards = client, safeguards

    @raises(
        TooManyWebhooks, SessionNeeded, InsufficientScope, SuperuserOnly, StaffNeedsSecondFactor
    )
    async def make(self, caller: User, login: Bearer, draft: WebhookCreate) -> WebhookCreated:
        """Makes a webhook, and notifies the caller by mail.

        Args:
            caller: The account, locked against the concurrent creation of webhooks.
            login: The session of the caller, or the API key.
            draft: The URL and the types of events.
        """
        self._demand_permitted(draft.url)
        scopes = await self._endpoints.scopes(login.session_id)
        demand_scopes(scopes, draft.events)
        if draft.market_wide:
            if scopes is not None:
                raise SessionNeeded
            await self._demand_market(caller, login)
        if await self._endpoints.count(caller.id) >= MOST_PER_ACCOUNT:
            raise TooManyWebhooks
        secret = new_secret()
        endpoint = WebhookEndpoint(
            user_id=caller.id,
            key_id=None if scopes is None else login.session_id,
            url=draft.url,
            url_set_in=login.session_id,
            events=list(draft.events),
            market_wide=draft.market_wide,
            secret=b"",
        )
        endpoint.secret = sealed(self._safeguards.keyring, endpoint.id, secret)
        self._endpoints.add(endpoint)
        self._record(WebhookAction.WEBHOOK_CREATED, caller, endpoint)
        self._notify(Notice.WEBHOOK_CREATED, endpoint)
        return WebhookCreated(id=endpoint.id, secret=secret_text(secret))

    @raises(
        WebhookNotFound,
        PreconditionFailed,
        SessionNeeded,
        InsufficientScope,
        SuperuserOnly,
        StaffNeedsSecondFactor,
    )
    async def edit(
        self,
        caller: User,
        login: Bearer,
        webhook_id: UUID,
        changes: WebhookUpdate,
        expected: ExpectedVersion,
    ) -> None:
        """Changes a webhook, or switches it on or off. Another URL is notified by mail."""
        endpoint = await self._lock(caller, login, webhook_id)
        expected.demand(endpoint.version)
        if changes.url is not None:
            self._demand_permitted(changes.url)
        if changes.events is not None:
            demand_scopes(await self._endpoints.scopes(endpoint.key_id), changes.events)
        former = endpoint.url
        endpoint.take_over(changes.model_dump(exclude_unset=True, exclude={"enabled"}))
        if endpoint.url != former:
            endpoint.url_set_in = login.session_id
            self._notify(Notice.WEBHOOK_URL_CHANGED, endpoint)
        if changes.enabled is True:
            endpoint.enable()
        elif changes.enabled is False:
            endpoint.disable(DisabledReason.OWNER)
        self._record(WebhookAction.WEBHOOK_CHANGED, caller, endpoint)

    @raises(WebhookNotFound, SuperuserOnly, StaffNeedsSecondFactor)
    async def renew_secret(self, caller: User, login: Bearer, webhook_id: UUID) -> WebhookSecret:
        """Gives a webhook a new secret; messages are signed with both for 24 hours."""
        endpoint = await self._lock(caller, login, webhook_id)
        secret = new_secret()
        endpoint.renew_secret(sealed(self._safeguards.keyring, endpoint.id, secret))
        self._record(WebhookAction.WEBHOOK_SECRET_RENEWED, caller, endpoint)
        return WebhookSecret(secret=secret_text(secret))

    @raises(WebhookNotFound)
    async def delete(self, caller: User, login: Bearer, webhook_id: UUID) -> None:
        """Deletes a webhook."""
        await self._endpoints.delete(login, webhook_id)
        self._audit.record(
            WebhookAction.WEBHOOK_DELETED,
            self._client,
            actor_id=caller.id,
            webhook_id=str(webhook_id),
        )

    async def _lock(self, caller: User, login: Bearer, webhook_id: UUID) -> WebhookEndpoint:
        endpoint = await self._endpoints.lock(login, webhook_id)
        if endpoint.market_wide:
            await self._demand_market(caller, login)
        return endpoint

    def _demand_permitted(self, url: str) -> None:
        rules, target = self._safeguards.outbound, Target.of(url)
        if not rules.permits_scheme(target):
            raise Invalid("Enter a URL that begins with https.", field="url")
        if not rules.permits_host(target):
            raise Invalid("Enter a URL with a public address.", field="url")

    async def _demand_market(self, caller: User, login: Bearer) -> None:
        if caller.role is not UserRole.SUPERUSER:
            raise SuperuserOnly
        needed = self._safeguards.staff_needs_second_factor
        if needed and not await self._second_factors.is_shown(login):
            raise StaffNeedsSecondFactor

    def _notify(self, notice: Notice, endpoint: WebhookEndpoint) -> None:
        host = urlsplit(endpoint.url).netloc
        self._tasks.notify(endpoint.user_id, notice, host=host)

    def _record(self, action: WebhookAction, caller: User, endpoint: WebhookEndpoint) -> None:
        self._audit.record(
            action,
            self._client,
            actor_id=caller.id,
            webhook_id=str(endpoint.id),
            market_wide=str(endpoint.market_wide).lower(),
            events=" ".join(endpoint.events),
        )


def demand_scopes(scopes: Sequence[str] | None, types: Sequence[str]) -> None:
    """Refuses types of events that an API key can't read.

    Args:
        scopes: The scopes of the key; None for a login, which can read all.
        types: The types.

    Raises:
        SessionNeeded: Keys can't read the subject of a type.
        InsufficientScope: This key can't.
    """
    if scopes is None:
        return
    for needed in (SCOPES[it] for it in types):
        if needed is None:
            raise SessionNeeded
        if needed not in scopes:
            raise InsufficientScope(needed)
