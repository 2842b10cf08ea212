"""Webhooks: making, changing and deleting them, and renewing their secrets."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.pages import PageParameters
from app.db.models.users import UserRole
from app.db.models.webhook_shapes import WebhookCreate, WebhookUpdate
from app.db.repositories.webhooks import WebhookReader
from app.services.webhooks import WebhookService
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.webhooks import WEBHOOKS, Webhook, event_types
from app.web.visits import Visit

OWN, NEW = "/account/webhooks", "/account/webhooks/new"
ONE = f"{OWN}/{{webhook_id:uuid}}"

SAID = {
    "webhook_changed": N_("The webhook is changed."),
    "webhook_switched_on": N_("The webhook is on. Events that it has not received are sent first."),
    "webhook_switched_off": N_("The webhook is off."),
    "webhook_deleted": N_("The webhook is deleted."),
}

pages = Pages()


@dataclass(frozen=True)
class WebhooksPage(Template, file="webhooks/own.html"):
    """The webhooks of the viewer.

    Args:
        webhooks: The webhooks.
        more: The address of the next page.
    """

    webhooks: list[Webhook]
    more: str | None


@dataclass(frozen=True)
class WebhookFormPage(Template, file="webhooks/edit.html"):
    """The form of a webhook.

    Args:
        form: The fields.
        webhook: The present one; None for a new one.
        types: The types of events to choose from, by headings to be translated.
        may_be_market_wide: Whether it may have the events of the whole market.
    """

    form: Form
    webhook: Webhook | None
    types: dict[str, list[str]]
    may_be_market_wide: bool


@dataclass(frozen=True)
class WebhookSecretPage(Template, file="webhooks/secret.html"):
    """The secret of a webhook, which is shown once.

    Args:
        secret: The secret.
        webhook_path: The page of the webhook.
        is_new: Whether the webhook is new.
    """

    secret: str
    webhook_path: str
    is_new: bool


@pages.get(OWN)
async def show_webhooks(visit: Visit) -> Response:
    """The webhooks of the caller."""
    parameters = visit.filters(PageParameters, visit.asked())
    page = await WebhookReader(visit.reads).own(visit.caller, visit.listing.part(parameters))
    return visit.page(WebhooksPage(WEBHOOKS.validate_json(json_list(page)), visit.more(page)))


@pages.get(NEW)
async def show_new_webhook(visit: Visit) -> Response:
    """The form of a new webhook."""
    return webhook_form(visit, visit.form_at(NEW), None)


@pages.post(NEW, again=show_new_webhook)
async def make_webhook(visit: Visit) -> Response:
    """Makes a webhook, and shows its secret."""
    draft = visit.read(WebhookCreate)
    user = await visit.locked_user()
    made = await webhook_service(visit).make(user, visit.caller, draft)
    there = f"{OWN}/{made.id}"
    return visit.page_once(WebhookSecretPage(made.secret, there, is_new=True), there)


@pages.get(f"{ONE}/edit")
async def show_webhook_form(visit: Visit, webhook_id: UUID) -> Response:
    """The form that changes a webhook."""
    webhook = await read_webhook(visit, webhook_id)
    content = {"url": webhook.url, "events": webhook.events}
    form = visit.form_at(f"{webhook.path}/edit", content, webhook.version)
    return webhook_form(visit, form, webhook)


@pages.post(f"{ONE}/edit", again=show_webhook_form)
async def edit_webhook(visit: Visit, webhook_id: UUID) -> Response:
    """Changes the URL or the types of events of a webhook."""
    changes = visit.read(WebhookUpdate, needed=("url", "events"))
    await change(visit, webhook_id, changes)
    return visit.see(f"{OWN}/{webhook_id}", "webhook_changed")


@pages.post(f"{ONE}/switch")
async def switch_webhook(visit: Visit, webhook_id: UUID) -> Response:
    """Switches a webhook on or off."""
    changes = visit.read(WebhookUpdate, needed=("enabled",))
    await change(visit, webhook_id, changes)
    said = "webhook_switched_on" if changes.enabled else "webhook_switched_off"
    return visit.see(f"{OWN}/{webhook_id}", said)


@pages.post(f"{ONE}/secret")
async def renew_webhook_secret(visit: Visit, webhook_id: UUID) -> Response:
    """Renews the secret of a webhook, and shows it."""
    user = await visit.user()
    renewed = await webhook_service(visit).renew_secret(user, visit.caller, webhook_id)
    there = f"{OWN}/{webhook_id}"
    return visit.page_once(WebhookSecretPage(renewed.secret, there, is_new=False), there)


@pages.post(f"{ONE}/deletion")
async def delete_webhook(visit: Visit, webhook_id: UUID) -> Response:
    """Deletes a webhook."""
    await webhook_service(visit).delete(await visit.user(), visit.caller, webhook_id)
    return visit.see(OWN, "webhook_deleted")


async def read_webhook(visit: Visit, webhook_id: UUID) -> Webhook:
    """A webhook of the caller."""
    item = await WebhookReader(visit.reads).one(visit.caller, webhook_id)
    webhook = Webhook.model_validate_json(item.json)
    webhook.version = item.version
    return webhook


async def change(visit: Visit, webhook_id: UUID, changes: WebhookUpdate) -> None:
    """Changes a webhook of the caller."""
    service, user = webhook_service(visit), await visit.user()
    await service.edit(user, visit.caller, webhook_id, changes, visit.seen)


def webhook_form(visit: Visit, form: Form, webhook: Webhook | None) -> Response:
    """The page with the form of a webhook."""
    is_superuser = visit.viewer is not None and visit.viewer.role is UserRole.SUPERUSER
    page = WebhookFormPage(form, webhook, event_types(), webhook is None and is_superuser)
    return visit.page(page)


def webhook_service(visit: Visit) -> WebhookService:
    """The use cases of webhooks."""
    return WebhookService(visit.transaction, visit.client, visit.safeguards)
