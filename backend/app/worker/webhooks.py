"""Sends events to webhooks: one at a time to each, to many at once."""

import asyncio
import logging
from time import monotonic

from app.core.errors import Unavailable
from app.core.outbound import Failure
from app.core.security.keys import Keyring
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.services.webhook_deliveries import Delivery, DeliveryService, Outcome
from app.worker.outbound import OutboundClient, Undelivered
from app.worker.process import wait_for

AT_ONCE = 64
"""How many requests a worker sends at once."""
SLOW_AT_ONCE = 16
"""How many of them to receivers that were slow to answer lately: others don't wait."""
SLOW = 2.0
"""Seconds from which on an answer is slow."""
INTERVAL = 0.2
"""Seconds between looks for events that are due."""

logger = logging.getLogger(__name__)


class WebhookSender:
    """Sends events to webhooks.

    A transaction records the outcomes of requests that have ended, and begins further ones; no
    connection is held while they are under way. An event whose outcome is lost, because the worker
    is killed, is sent again when the lease of its webhook ends. So each event is received at least
    once.

    Args:
        database: The database.
        client: Sends the requests.
        keyring: Decrypts the secrets.

    Attributes:
        ended: The number of requests that have ended, by their outcome.
    """

    def __init__(self, database: Database, client: OutboundClient, keyring: Keyring) -> None:
        self._database, self._client, self._keyring = database, client, keyring
        self._under_way: dict[asyncio.Task[None], bool] = {}
        self._outcomes: list[Outcome] = []
        self._wake = asyncio.Event()
        self.ended = {"received": 0, "refused": 0, **dict.fromkeys(map(str, Failure), 0)}

    async def run(self, stopping: asyncio.Event) -> None:
        """Sends events until it is to stop, and then waits for the requests under way."""
        while not stopping.is_set():
            self._wake.clear()
            if not await self._turn(AT_ONCE, SLOW_AT_ONCE):
                await wait_for(self._wake, INTERVAL)
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._turn(0, 0)

    async def _turn(self, most: int, most_slow: int) -> bool:
        """Records outcomes, and begins requests; returns whether it began any.

        Args:
            most: How many requests may be under way.
            most_slow: How many of them to receivers that were slow.
        """
        outcomes, slow = list(self._outcomes), sum(self._under_way.values())
        room, room_for_slow = most - len(self._under_way), most_slow - slow

        async def work(transaction: Transaction) -> list[Delivery]:
            service, begun = DeliveryService(transaction, self._keyring), list[Delivery]()
            if outcomes:
                await service.end(outcomes)
            if room > 0:
                begun += await service.take(room, slow=False)
            if (rest := min(room - len(begun), room_for_slow)) > 0:
                begun += await service.take(rest, slow=True)
            return begun

        try:
            deliveries = await self._database.run(work)
        except Unavailable as error:
            logger.warning("Can't send to webhooks: %r", error.__cause__ or error)
            return False
        except Exception:  # (tasks go on)
            logger.exception("Webhooks stand still")
            return False
        del self._outcomes[: len(outcomes)]
        for delivery in deliveries:
            task = asyncio.create_task(self._send(delivery))
            self._under_way[task] = delivery.slow
            task.add_done_callback(self._end)
        return bool(deliveries)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._wake.set()
        if error := task.exception():
            logger.error("A request to a webhook has failed", exc_info=error)

    async def _send(self, delivery: Delivery) -> None:
        begun = monotonic()
        result: int | Failure
        try:
            result = await self._client.post(delivery.target, delivery.headers, delivery.body)
        except Undelivered as error:
            result = error.failure
        outcome = Outcome(delivery, result, slow=monotonic() - begun >= SLOW)
        self._outcomes.append(outcome)
        name = "received" if outcome.received else "refused"
        self.ended[str(result) if isinstance(result, Failure) else name] += 1
