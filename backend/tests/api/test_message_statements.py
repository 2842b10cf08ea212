"""How many statements operations on messages take: never more for more rows."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.db.models.users import UserRole
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import Message, make_message
from tests.factories.offers import make_offer
from tests.factories.threads import thread_of
from tests.factories.users import Actor, Market, make_user
from tests.statements import READING_AS_STAFF, statements

pytestmark = pytest.mark.committed

FEW, MANY = 1, 20

WRITES = {"first message": 9, "message": 7, "message with an id": 8, "edit": 8, "read mark": 7}
"""BEGIN, the caller, the locks of the sides and of the thread, the writes, the answer, COMMIT."""


@pytest.fixture(autouse=True)
async def one_connection(app: FastAPI) -> None:
    """Begins with an empty pool: what the driver asks once per connection is soon asked."""
    await app.state.pool.close()


async def sent(market: Market, rows: int) -> Message:
    """An edited message in a thread, with so many others in the thread and of other threads."""
    message = await make_message(market, text="Call me: 0171 2345678")
    for number in range(rows):
        await message.sender.patch(message.path, {"text": f"{number}: 0171 2345678"})
        await make_message(market, message.offer)
        job = await make_cleaning(market, message.offer.owner)
        await make_message(market, await make_offer(market, job))
    return message


class TestReading:
    async def test_takes_one_statement(self, market: Market) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        for rows in (FEW, FEW, MANY):
            message = await sent(market, rows)
            for path in (
                "/threads?limit=100",
                "/threads?role=customer&limit=100",
                message.thread,
                f"{message.thread}/messages?limit=100",
                message.path,
                f"{message.path}/versions?limit=100",
            ):
                assert await statements(market.app, message.offer.owner.get(path)) == 1
            flagged = staff.get("/admin/flagged-messages?limit=100")
            assert await statements(market.app, flagged) == READING_AS_STAFF


class TestWriting:
    async def writes(self, market: Market, rows: int) -> dict[str, int]:
        """Does all that there is to do with messages, where there are so many already."""
        message, fresh = await sent(market, rows), await make_offer(market)
        taken: dict[str, int] = {}

        async def do(operation: str, actor: Actor, method: str, path: str, body: Any) -> None:
            request = actor.request(method, path, json=body)
            taken[operation] = await statements(market.app, request)

        owner, path, draft = message.offer.owner, f"{message.thread}/messages", {"text": "Hello"}
        await do("first message", fresh.owner, "POST", f"{thread_of(fresh)}/messages", draft)
        await do("message", owner, "POST", path, draft)
        await do("message with an id", owner, "POST", path, draft | {"client_id": str(uuid4())})
        await do("edit", message.sender, "PATCH", message.path, draft)
        await do("read mark", owner, "PUT", f"{message.thread}/read-mark", {"number": 2})
        return taken

    async def test_takes_as_many_statements_however_many_messages_there_are(
        self, market: Market
    ) -> None:
        await self.writes(market, FEW)
        for rows in (FEW, MANY):
            assert await self.writes(market, rows) == WRITES
