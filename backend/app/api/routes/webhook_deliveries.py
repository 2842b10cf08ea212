"""Deliveries of webhooks: their log, tests, and events once more."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.webhook_deliveries import DeliveryReader, DeliveryService
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.stream import LARGEST_POSITION
from app.db.models.webhook_deliveries import DeliveryPublic, ReplayRequest
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import TransactionalRoute

Position = Annotated[int, Path(ge=0, le=LARGEST_POSITION)]

router = APIRouter(
    prefix="/webhooks/{webhook_id}", tags=["webhooks"], route_class=TransactionalRoute
)


@router.get(
    "/deliveries",
    summary="The log of a webhook",
    response_model=PagePublic[DeliveryPublic],
    responses=problems(DeliveryReader.of_webhook),
)
async def list_deliveries(
    webhook_id: UUID,
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    deliveries: DeliveryReader,
    listing: ListingOf,
) -> Response:
    """The events of the last 30 days for a webhook, with the outcome of the last attempt."""
    return listing.answer(await deliveries.of_webhook(caller, webhook_id, listing.part(parameters)))


@router.post(
    "/test-events",
    status_code=204,
    summary="Test a webhook",
    responses=problems(DeliveryService.test),
)
async def test_webhook(
    webhook_id: UUID, caller: Caller, token: Token, deliveries: DeliveryService
) -> Response:
    """Has an event of the type `webhook.test` sent, once. It is in the log at the position 0."""
    await deliveries.test(caller, token, webhook_id)
    return Response(status_code=204)


@router.post(
    "/deliveries/{position}/attempts",
    status_code=204,
    summary="Send an event once more",
    responses=problems(DeliveryService.repeat),
)
async def repeat_delivery(
    webhook_id: UUID,
    position: Position,
    caller: Caller,
    token: Token,
    deliveries: DeliveryService,
) -> Response:
    """Has one attempt made to send an event of the log, before events that wait."""
    await deliveries.repeat(caller, token, webhook_id, position)
    return Response(status_code=204)


@router.post(
    "/replays",
    status_code=204,
    summary="Replay events",
    responses=problems(DeliveryService.replay),
)
async def replay_deliveries(
    webhook_id: UUID,
    wanted: ReplayRequest,
    caller: Caller,
    token: Token,
    deliveries: DeliveryService,
) -> Response:
    """Has all events of the log from a position on sent again, in their order."""
    await deliveries.replay(caller, token, webhook_id, wanted)
    return Response(status_code=204)
