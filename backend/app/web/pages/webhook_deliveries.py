"""Deliveries of a webhook: their log, tests, and events once more."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.fields import Input
from app.db.models.notifications import Position
from app.db.models.pages import PageParameters
from app.db.models.webhook_deliveries import ReplayRequest
from app.db.repositories.webhook_deliveries import DeliveryReader
from app.services.webhook_deliveries import WebhookDeliveryService
from app.web.forms import Form
from app.web.pages.webhooks import ONE, OWN, read_webhook
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.webhooks import DELIVERIES, Delivery, Webhook
from app.web.visits import Visit

SAID = {
    "webhook_tested": N_("A test event is on its way. Its outcome is in the log within seconds."),
    "delivery_repeated": N_("The event is sent once more."),
    "deliveries_replayed": N_("The events are sent again, in their order."),
}

pages = Pages()


class Repetition(Input):
    """The event that is sent once more."""

    position: Position


@dataclass(frozen=True)
class WebhookPage(Template, file="webhooks/show.html"):
    """A webhook with its log.

    Args:
        webhook: The webhook.
        deliveries: Its deliveries.
        more: The address of the next page.
        form: The form that sends events again.
    """

    webhook: Webhook
    deliveries: list[Delivery]
    more: str | None
    form: Form


@pages.get(ONE)
async def show_webhook(visit: Visit, webhook_id: UUID) -> Response:
    """A webhook with its log."""
    webhook = await read_webhook(visit, webhook_id)
    parameters = visit.filters(PageParameters, visit.asked())
    page = await DeliveryReader(visit.reads).of_webhook(
        visit.caller, webhook_id, visit.listing.part(parameters)
    )
    deliveries = DELIVERIES.validate_json(json_list(page))
    form = visit.form_at(f"{webhook.path}/replay")
    return visit.page(WebhookPage(webhook, deliveries, visit.more(page), form))


@pages.post(f"{ONE}/test", again=show_webhook)
async def test_webhook(visit: Visit, webhook_id: UUID) -> Response:
    """Has a test event sent."""
    user = await visit.user()
    await delivery_service(visit).test(user, visit.caller, webhook_id)
    return visit.see(f"{OWN}/{webhook_id}", "webhook_tested")


@pages.post(f"{ONE}/repetition", again=show_webhook)
async def repeat_delivery(visit: Visit, webhook_id: UUID) -> Response:
    """Has an event sent once more."""
    position = visit.read(Repetition).position
    user = await visit.user()
    await delivery_service(visit).repeat(user, visit.caller, webhook_id, position)
    return visit.see(f"{OWN}/{webhook_id}", "delivery_repeated")


@pages.post(f"{ONE}/replay", again=show_webhook)
async def replay_deliveries(visit: Visit, webhook_id: UUID) -> Response:
    """Has all events from a position on sent again."""
    wanted = visit.read(ReplayRequest)
    user = await visit.user()
    await delivery_service(visit).replay(user, visit.caller, webhook_id, wanted)
    return visit.see(f"{OWN}/{webhook_id}", "deliveries_replayed")


def delivery_service(visit: Visit) -> WebhookDeliveryService:
    """The use cases of deliveries."""
    return WebhookDeliveryService(visit.transaction, visit.client, visit.safeguards)
