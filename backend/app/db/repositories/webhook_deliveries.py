"""The queries of deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    case,
    exists,
    func,
    null,
    or_,
    select,
    update,
)

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.events import Event
from app.db.models.sessions import Session
from app.db.models.users import User, UserRole
from app.db.models.webhook_audiences import AUDIENCES, TYPE
from app.db.models.webhook_deliveries import (
    TEST,
    TEST_TYPE,
    DeliveryPublic,
    WebhookDelivery,
)
from app.db.models.webhooks import WebhookEndpoint, WebhookNotFound
from app.db.repositories.base import MOMENT, USABLE_ACCOUNT, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.stream import Entry
from app.db.repositories.webhook_audiences import delivering
from app.db.repositories.webhooks import ONE, WEBHOOK_ID
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

POSITION: Any = argument("position", BigInteger())
IDS: Any = argument("ids", ARRAY(Uuid()))
SLOW: Any = argument("slow", Boolean())
OF_ENDPOINT = col(WebhookDelivery.endpoint_id) == WebhookEndpoint.id


class Message(NamedTuple):
    """An event that is due for a webhook.

    Args:
        endpoint_id: The webhook.
        usable: Whether its owner may have events at present.
        position: The position of the event; null if none waits.
        version: The version of its subject at that position.
        requested_at: The time when it was asked for, if it was.
        type: Its type; null for a test.
        subject_id: Its subject.
        cleaning_id: The job of the subject.
        package_id: The package of the subject.
        event_id: Its id.
        created_at: Its time.
    """

    endpoint_id: UUID
    usable: bool
    position: int | None
    version: int | None
    requested_at: datetime | None
    type: str | None
    subject_id: UUID | None
    cleaning_id: UUID | None
    package_id: str | None
    event_id: UUID | None
    created_at: datetime | None


def _messages() -> Statement:
    requested = select(func.min(WebhookDelivery.position)).where(
        OF_ENDPOINT, col(WebhookDelivery.requested_at).is_not(None)
    )
    following = select(func.min(WebhookDelivery.position)).where(
        OF_ENDPOINT, col(WebhookDelivery.position) > WebhookEndpoint.position
    )
    following_position = func.coalesce(
        *(it.correlate(WebhookEndpoint).scalar_subquery() for it in (requested, following))
    )
    superuser = col(User.role) == inline(UserRole.SUPERUSER)
    usable = and_(
        *USABLE_ACCOUNT,
        or_(col(WebhookEndpoint.key_id).is_(None), col(Session.expires_at) > func.now()),
        or_(~col(WebhookEndpoint.market_wide), superuser),
    )
    return Statement(
        select(
            col(WebhookEndpoint.id),
            usable,
            col(WebhookDelivery.position),
            col(WebhookDelivery.version),
            col(WebhookDelivery.requested_at),
            case((col(Event.id).is_not(None), TYPE)),
            col(Event.subject_id),
            col(Event.cleaning_id),
            col(Event.payload)["package_id"].astext,
            col(Event.id),
            col(Event.created_at),
        )
        .join(User, col(User.id) == WebhookEndpoint.user_id)
        .outerjoin(Session, col(Session.id) == WebhookEndpoint.key_id)
        .outerjoin(
            WebhookDelivery,
            and_(OF_ENDPOINT, col(WebhookDelivery.position) == following_position),
        )
        .outerjoin(Event, col(Event.id) == WebhookDelivery.event_id)
        .where(col(WebhookEndpoint.id) == any_(IDS))
    )


def _ending() -> Statement:
    delivered: Any = argument("delivered", Boolean())
    values = {
        "requested_at": null(),
        "attempts": col(WebhookDelivery.attempts) + 1,
        "attempted_at": MOMENT,
        "status": argument("status", Integer()),
        "failure": argument("failure", Text()),
        "delivered_at": case((delivered, MOMENT), else_=col(WebhookDelivery.delivered_at)),
    }
    table: Any = WebhookDelivery
    return Statement(
        update(table.__table__)
        .where(
            col(WebhookDelivery.endpoint_id) == WEBHOOK_ID,
            col(WebhookDelivery.position) == POSITION,
        )
        .values(**values)
    )


class DeliveryRepository:
    """The deliveries, in a unit of work."""

    _delivering = tuple((audience.kinds.subject, delivering(audience)) for audience in AUDIENCES)
    _wanted = Statement(
        select(
            exists().where(
                col(WebhookEndpoint.disabled_at).is_(None),
                col(WebhookEndpoint.events).bool_op("&&")(argument("types", ARRAY(Text()))),
            )
        )
    )
    _due = RowQuery(
        select(WebhookEndpoint)
        .where(
            col(WebhookEndpoint.due_at) <= MOMENT,
            or_(
                col(WebhookEndpoint.leased_until).is_(None),
                col(WebhookEndpoint.leased_until) <= MOMENT,
            ),
            col(WebhookEndpoint.slow) == SLOW,
        )
        .order_by(col(WebhookEndpoint.due_at))
        .limit(argument("most", Integer()))
        .with_for_update(key_share=True, skip_locked=True)
    )
    _locking = RowQuery(
        select(WebhookEndpoint)
        .where(col(WebhookEndpoint.id) == any_(IDS))
        .order_by(col(WebhookEndpoint.id))
        .with_for_update(key_share=True)
    )
    _messages = _messages()
    _ending = _ending()
    _finding = RowQuery(
        select(WebhookDelivery)
        .where(
            col(WebhookDelivery.endpoint_id) == WEBHOOK_ID,
            col(WebhookDelivery.position) == POSITION,
        )
        .with_for_update()
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def deliver(self, entries: Sequence[Entry]) -> None:
        """Adds the deliveries of events that enter the stream."""
        types = {f"{it.event.subject}.{it.event.kind}" for it in entries}
        ((wanted,),) = await self._wanted.fetch(self._transaction, types=sorted(types))
        if not wanted:
            return
        for subject, delivering_ in self._delivering:
            positions = [it.position for it in entries if it.event.subject == subject]
            if positions:
                await delivering_.fetch(self._transaction, positions=positions)

    async def due(self, most: int, moment: datetime, *, slow: bool) -> Sequence[WebhookEndpoint]:
        """Webhooks with events that are due, locked; those that others have locked are skipped.

        Args:
            most: How many at the most, those first that have waited longest.
            moment: The present time: that of the transaction is before outcomes recorded in it.
            slow: Whether those that were slow to answer lately, or the others.
        """
        return await self._transaction.all(self._due, most=most, moment=moment, slow=slow)

    async def lock(self, ids: Collection[UUID]) -> dict[UUID, WebhookEndpoint]:
        """Webhooks by their ids, locked until the end of the transaction."""
        endpoints = await self._transaction.all(self._locking, ids=list(ids))
        return {endpoint.id: endpoint for endpoint in endpoints}

    async def messages(self, ids: Collection[UUID]) -> Sequence[Message]:
        """The next event for each of some webhooks."""
        rows = await self._messages.fetch(self._transaction, ids=list(ids))
        return [Message(*row) for row in rows]

    def end(
        self,
        endpoint_id: UUID,
        position: int,
        moment: datetime,
        *,
        status: int | None,
        failure: str | None,
        delivered: bool,
    ) -> None:
        """Records the outcome of an attempt.

        Args:
            endpoint_id: The webhook.
            position: The position of the event.
            moment: The time of the attempt.
            status: The status of the response, if there was one.
            failure: The reason why there was none.
            delivered: Whether the event was received.
        """
        self._transaction.put(
            self._ending,
            webhook_id=endpoint_id,
            position=position,
            moment=moment,
            status=status,
            failure=failure,
            delivered=delivered,
        )

    async def find(self, endpoint_id: UUID, position: int) -> WebhookDelivery | None:
        """A delivery, locked until the end of the transaction; None if there is none."""
        arguments = {"webhook_id": endpoint_id, "position": position}
        return await self._transaction.one(self._finding, **arguments)

    async def test(self, endpoint_id: UUID) -> WebhookDelivery:
        """The delivery of the test event of a webhook, which is locked."""
        delivery = await self.find(endpoint_id, TEST)
        if delivery is None:
            delivery = WebhookDelivery(endpoint_id=endpoint_id, position=TEST)
            self._transaction.add(delivery)
        return delivery


@cache
def _of_webhook(shape: PageShape) -> PageQuery:
    type_ = case((col(Event.id).is_not(None), TYPE), else_=inline(TEST_TYPE))
    return PageQuery(
        select()
        .select_from(WebhookDelivery)
        .outerjoin(Event, col(Event.id) == WebhookDelivery.event_id)
        .where(col(WebhookDelivery.endpoint_id) == WEBHOOK_ID),
        item=json_object(DeliveryPublic, WebhookDelivery, type=type_),
        keys=[col(WebhookDelivery.position)],
        shape=shape,
        within=select(col(WebhookEndpoint.id)).where(*ONE),
        missing=WebhookNotFound,
    )


class DeliveryReader:
    """Reads of deliveries."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(WebhookNotFound)
    async def of_webhook(self, caller: Bearer, webhook_id: UUID, request: PageRequest) -> Page:
        """The deliveries of a webhook of the caller, those of the latest events first."""
        query = _of_webhook(request.shape)
        return await query.page(self._source, caller, request, webhook_id=webhook_id)
