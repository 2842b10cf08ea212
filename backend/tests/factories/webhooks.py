"""Webhooks, and what their receivers get."""

import asyncio
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.core.config import Settings
from app.core.outbound import OutboundRules
from app.core.security.keys import Keyring
from app.worker.consequences import declared
from app.worker.webhooks import WebhookSender
from dev.receivers import Received, Receiver
from tests.factories.cleanings import make_cleaning
from tests.factories.stream import sequence
from tests.factories.users import Actor, Market, make_user
from tests.outbound import client

PATH = "/webhooks"
KEYS = Settings(environment="development").secret_keys
URL = "https://hooks.example/cleanings"


@dataclass(frozen=True)
class MadeWebhook:
    """A webhook, as it was answered to its owner."""

    owner: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{PATH}/{self.data['id']}"

    async def shown(self) -> dict[str, Any]:
        """The webhook as its owner sees it."""
        shown: dict[str, Any] = (await self.owner.get(self.path)).json()
        return shown

    async def log(self) -> list[dict[str, Any]]:
        """Its deliveries, the latest first."""
        return await self.owner.items(f"{self.path}/deliveries", limit=100)


async def make_webhook(market: Market, owner: Actor | None = None, **draft: Any) -> MadeWebhook:
    """A webhook for the events of offers, unless something else is said."""
    owner = owner or await make_user(market)
    response = await owner.post(PATH, {"url": URL, "events": ["offer.created"], **draft})
    assert response.status_code == 201, response.text
    return MadeWebhook(owner, response.json())


def permit_loopback(market: Market) -> None:
    """Has the service take URLs of receivers on this machine."""
    settings = Settings(environment="development", outbound_networks="127.0.0.0/8")
    market.replace_safeguards(outbound=OutboundRules.by(settings))


@asynccontextmanager
async def sending(market: Market, *keys: str) -> AsyncIterator[WebhookSender]:
    """Sends events to webhooks, as a worker does.

    Args:
        market: The service.
        keys: The secret key of the worker, and the previous one; by default those of the service.
    """
    stopping = asyncio.Event()
    async with client() as outbound:
        sender = WebhookSender(market.app.state.database, outbound, Keyring(*keys or KEYS))
        task = asyncio.create_task(sender.run(stopping))
        try:
            yield sender
            stopping.set()
            await task
        finally:
            task.cancel()


async def enter(market: Market) -> None:
    """Enters all events into the stream, with their consequences."""
    await sequence(market, *declared())


async def until_received(receiver: Receiver, number: int) -> list[dict[str, Any]]:
    """Waits until a receiver has so many requests, and returns their content."""
    async with asyncio.timeout(20):
        while len(receiver.received) < number:  # noqa: ASYNC110 (it has no event to wait for)
            await asyncio.sleep(0.01)
    return [json.loads(it.body) for it in receiver.received]


def is_signed(request: Received, secret: str) -> bool:
    """Whether a request is signed with a secret, as Standard Webhooks has it."""
    names = ("webhook-id", "webhook-timestamp")
    signed = ".".join([*(request.headers[name] for name in names), request.body.decode()])
    key = b64decode(secret.removeprefix("whsec_"))
    right = b64encode(hmac.digest(key, signed.encode(), "sha256")).decode()
    return f"v1,{right}" in request.headers["webhook-signature"].split(" ")


async def hook(market: Market, server: Receiver, owner: Actor | None = None) -> MadeWebhook:
    """A webhook for the jobs that its owner posts."""
    return await make_webhook(market, owner, url=server.url, events=["cleaning.created"])


async def post_jobs(market: Market, owner: Actor, number: int = 1) -> None:
    """Posts jobs, whose events enter the stream."""
    for _ in range(number):
        await make_cleaning(market, owner)
    await enter(market)


async def change(market: Market, **values: Any) -> None:
    """Changes all webhooks, as time would."""
    columns = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 1))
    sql = f"UPDATE webhook_endpoints SET {columns}"  # noqa: S608 (names of columns)
    await market.app.state.database.fetch(sql, tuple(values.values()))


async def stored(market: Market) -> dict[str, Any]:
    """The only webhook, as it is stored."""
    (found,) = await market.app.state.database.fetch("SELECT * FROM webhook_endpoints", ())
    return dict(found)


async def until_log(webhook: MadeWebhook, **wanted: Any) -> dict[str, Any]:
    """Waits until the latest delivery has some values, and returns it."""
    async with asyncio.timeout(20):
        while True:
            latest: dict[str, Any] = (await webhook.log())[0]
            if wanted.items() <= latest.items():
                return latest
            await asyncio.sleep(0.02)
