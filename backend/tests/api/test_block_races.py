"""Blocks against what is done at the same time, each on a connection of its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from httpx import Response

from tests.factories.blocks import block_of, block_person
from tests.factories.browsers import browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message
from tests.factories.offers import make_offer
from tests.factories.orders import draft_of, make_order
from tests.factories.packages import make_package
from tests.factories.questions import make_question
from tests.factories.users import Actor, Market, make_user
from tests.locks import until_waiting
from tests.races import TRIES, outcome, race

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]

FEW_TRIES = TRIES // 5
LOCK = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"
"""The lock that a block has of both accounts."""
BLOCK = "INSERT INTO blocks VALUES ($1, $2, now())"

Dealing = tuple[Actor, Actor, str, object]
"""An actor, the other side, and the path and the body of what the actor posts."""


async def message(market: Market) -> Dealing:
    sent = await make_message(market)
    return sent.sender, sent.offer.owner, f"{sent.thread}/messages", {"text": "Hello?"}


async def offer(market: Market) -> Dealing:
    job = await make_cleaning(market)
    return await make_user(market), job.owner, f"{job.path}/offers", {}


async def acceptance(market: Market) -> Dealing:
    made = await make_offer(market)
    return made.owner, made.cleaner, f"{made.path}/acceptance", None


async def question(market: Market) -> Dealing:
    job = await make_cleaning(market)
    return await make_user(market), job.owner, f"{job.path}/questions", {"text": "Why?"}


async def package_question(market: Market) -> Dealing:
    package = await make_package(market)
    return await make_user(market), package.seller, f"{package.path}/questions", {"text": "Why?"}


async def answer(market: Market) -> Dealing:
    asked = await make_question(market)
    return asked.owner, asked.asker, f"{asked.path}/answers", {"text": "Because."}


async def order(market: Market) -> Dealing:
    package = await make_package(market)
    return await make_user(market), package.seller, "/orders", draft_of(package)


async def order_acceptance(market: Market) -> Dealing:
    placed = await make_order(market)
    return placed.cleaner, placed.customer, f"{placed.path}/acceptance", None


DEALINGS = [
    message,
    offer,
    acceptance,
    question,
    package_question,
    answer,
    order,
    order_acceptance,
]


class TestDealings:
    @pytest.mark.parametrize("prepare", DEALINGS)
    async def test_that_wait_for_a_block_are_refused(
        self, market: Market, prepare: Callable[[Market], Awaitable[Dealing]]
    ) -> None:
        actor, other, path, body = await prepare(market)
        async with market.app.state.database.write() as transaction:
            await transaction.fetch(LOCK, [actor.id])
            await transaction.fetch(BLOCK, [other.id, actor.id])
            waiting = asyncio.create_task(actor.post(path, body))
            await until_waiting(market, 1)
        assert (await waiting).json()["code"] == "not_possible"

    async def test_that_are_edits_on_pages_wait_as_well(self, market: Market) -> None:
        sent = await make_message(market)
        browser = await browser_of(market, sent.sender)
        form = f"/messages/{sent.offer.job.data['id']}/{sent.offer.cleaner.id}/1/edit"
        page = await browser.open(form)
        async with market.app.state.database.write() as transaction:
            await transaction.fetch(LOCK, [sent.sender.id])
            await transaction.fetch(BLOCK, [sent.offer.owner.id, sent.sender.id])
            waiting = asyncio.create_task(browser.send(page, form, 409, text="And now?"))
            await until_waiting(market, 1)
        await waiting
        assert (await sent.sender.get(sent.path)).json()["text"] == sent.data["text"]

    async def test_are_over_once_a_block_is_answered(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            sent = await make_message(market)
            owner, cleaner, path = sent.offer.owner, sent.offer.cleaner, f"{sent.thread}/messages"

            async def block(blocker: Actor, other: Actor, path: str) -> tuple[Response, int]:
                response = await blocker.put(block_of(other), None)
                return response, len(await blocker.items(path, limit=100))

            blocker, other = (owner, cleaner) if attempt % 2 else (cleaner, owner)
            sends = [
                asyncio.create_task(side.post(path, {"text": "Hello?"}))
                for side in (owner, cleaner) * 5
            ]
            response, count = await block(blocker, other, path)
            assert response.status_code == 204
            assert set(outcome(*await asyncio.gather(*sends))) <= {201, "not_possible"}
            assert len(await owner.items(path, limit=100)) == count


class TestBlocking:
    async def test_each_other_at_once(self, market: Market) -> None:
        one, other = await make_user(market), await make_user(market)
        for attempt in range(FEW_TRIES):
            responses = await race(
                attempt,
                one.put(block_of(other), None),
                other.put(block_of(one), None),
                one.put(block_of(other), None),
            )
            assert outcome(*responses) == [204, 204, 204]
            for blocker, blocked in ((one, other), (other, one)):
                assert len(await blocker.items("/users/me/blocks")) == 1
                assert (await blocker.delete(block_of(blocked))).status_code == 204

    async def test_against_the_deletion_of_both_accounts(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            one, other = await make_user(market), await make_user(market)
            await block_person(other, one)
            responses = await race(
                attempt,
                one.put(block_of(other), None),
                one.delete("/users/me"),
                other.delete("/users/me"),
            )
            assert outcome(*responses[1:]) == [204, 204]
