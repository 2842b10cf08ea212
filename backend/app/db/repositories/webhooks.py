"""The queries of webhooks."""

from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Uuid, cast, delete, exists, extract, func, or_, select

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.api_keys import ApiKey
from app.db.models.webhook_shapes import WebhookFields, WebhookPublic
from app.db.models.webhooks import WebhookEndpoint, WebhookNotFound
from app.db.repositories.base import (
    CALLER_ID,
    SESSION_ID,
    USER_ID,
    Item,
    ItemQuery,
    bearer_arguments,
    json_object,
)
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

WEBHOOK_ID = argument("webhook_id", Uuid())
KEY_ID = argument("key_id", Uuid())
OWN = (
    col(WebhookEndpoint.user_id) == CALLER_ID,
    or_(
        col(WebhookEndpoint.key_id) == SESSION_ID,
        ~exists(select(col(ApiKey.id)).where(col(ApiKey.id) == SESSION_ID)),
    ),
)
"""The webhooks of the caller; of a key, those that it has made: others may get more than it may."""
ONE = (col(WebhookEndpoint.id) == WEBHOOK_ID, *OWN)


class WebhookRepository:
    """The webhooks, in a unit of work."""

    _counting = Statement(
        select(func.count())
        .select_from(WebhookEndpoint)
        .where(col(WebhookEndpoint.user_id) == USER_ID)
    )
    _locking = RowQuery(select(WebhookEndpoint).where(*ONE).with_for_update(key_share=True))
    _deleting = Statement(delete(WebhookEndpoint).where(*ONE).returning(col(WebhookEndpoint.id)))
    _scopes = Statement(select(col(ApiKey.scopes)).where(col(ApiKey.id) == KEY_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, endpoint: WebhookEndpoint) -> None:
        """Adds a new webhook."""
        self._transaction.add(endpoint)

    async def count(self, user_id: UUID) -> int:
        """The number of webhooks of a user."""
        ((number,),) = await self._counting.fetch(self._transaction, user_id=user_id)
        return int(number)

    async def lock(self, caller: Bearer, webhook_id: UUID) -> WebhookEndpoint:
        """A webhook of the caller, locked until the end of the transaction.

        Raises:
            WebhookNotFound: The caller has none with the id.
        """
        arguments = {**bearer_arguments(caller), "webhook_id": webhook_id}
        endpoint = await self._transaction.one(self._locking, **arguments)
        if endpoint is None:
            raise WebhookNotFound
        return endpoint

    async def delete(self, caller: Bearer, webhook_id: UUID) -> None:
        """Deletes a webhook of the caller.

        Raises:
            WebhookNotFound: The caller has none with the id.
        """
        arguments = {**bearer_arguments(caller), "webhook_id": webhook_id}
        if not await self._deleting.fetch(self._transaction, **arguments):
            raise WebhookNotFound

    async def scopes(self, session_id: UUID | None) -> list[str] | None:
        """The scopes of an API key; None if the session is not that of a key."""
        rows = await self._scopes.fetch(self._transaction, key_id=session_id)
        return rows[0]["scopes"] if rows else None


def _json(shape: type[WebhookFields]) -> ColumnElement[str]:
    enabled = col(WebhookEndpoint.disabled_at).is_(None)
    return json_object(shape, WebhookEndpoint, enabled=enabled)


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select().select_from(WebhookEndpoint).where(*OWN),
        item=_json(WebhookFields),
        keys=[col(WebhookEndpoint.id)],
        shape=shape,
    )


def _late() -> Statement:
    first = (
        select(col(WebhookEndpoint.due_at))
        .where(col(WebhookEndpoint.due_at).is_not(None))
        .order_by(col(WebhookEndpoint.due_at))
        .limit(inline(1))
    )
    age = cast(extract("epoch", func.now() - first.scalar_subquery()), Float)
    return Statement(select(func.greatest(age, inline(0))))


class WebhookReader:
    """Reads of webhooks."""

    _late = _late()
    _one = ItemQuery(
        select().select_from(WebhookEndpoint).where(*ONE),
        item=_json(WebhookPublic),
        version=col(WebhookEndpoint.version),
        missing=WebhookNotFound,
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(WebhookNotFound)
    async def one(self, caller: Bearer, webhook_id: UUID) -> Item:
        """A webhook of the caller."""
        return await self._one.one(self._source, caller, webhook_id=webhook_id)

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The webhooks of the caller, newest first."""
        return await _own(request.shape).page(self._source, caller, request)

    async def late(self) -> float:
        """For how many seconds the first webhook with a due event waits for a worker."""
        ((seconds,),) = await self._late.fetch(self._source)
        return float(seconds)
