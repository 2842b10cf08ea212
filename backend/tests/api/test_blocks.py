"""Blocks: people with whom a user has no more dealings."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.db.models.blocks import MOST_PER_ACCOUNT
from tests.factories.blocks import block_of, block_person
from tests.factories.bookings import make_booking
from tests.factories.cleanings import Job, make_cleaning, names
from tests.factories.messages import make_message
from tests.factories.notifications import notifications, notify
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.orders import draft_of, make_order
from tests.factories.packages import make_package
from tests.factories.questions import Question, make_answer, make_question
from tests.factories.threads import thread_of
from tests.factories.users import Actor, Market, make_bare_users, make_user

LIST = "/users/me/blocks"


def said(response: Response) -> Any:
    """The status of a success, the code of a problem."""
    return response.status_code if response.is_success else response.json()["code"]


class TestBlocking:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        other = await make_user(market)
        assert (await client.put(block_of(other))).status_code == 401

    async def test_takes_a_username_or_an_id(self, market: Market) -> None:
        blocker, one, other = [await make_user(market) for _ in range(3)]
        for named in (one.username.upper(), other.id, other.username):
            assert (await blocker.put(f"{LIST}/{named}", None)).status_code == 204
        listed = await blocker.items(LIST, limit=1)
        assert [it["person"]["id"] for it in listed] == [str(other.id), str(one.id)]

    async def test_is_told_to_no_one(self, market: Market) -> None:
        blocker, other = await make_user(market), await make_user(market)
        await block_person(blocker, other)
        await notify(market)
        assert await notifications(other) == await other.items(LIST) == []

    async def test_of_oneself(self, market: Market) -> None:
        user = await make_user(market)
        assert said(await user.put(block_of(user), None)) == "block_of_self"

    async def test_of_an_account_that_was_deleted(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        await other.delete("/users/me")
        assert said(await user.put(f"{LIST}/{other.id}", None)) == "profile_not_found"

    async def test_has_a_limit(self, market: Market) -> None:
        user, one, other = [await make_user(market) for _ in range(3)]
        await block_person(user, one)
        await make_bare_users(market, MOST_PER_ACCOUNT - 1)
        await market.app.state.database.fetch(
            "INSERT INTO blocks SELECT $1, id, now() FROM users WHERE password_hash = ''",
            (user.id,),
        )
        assert said(await user.put(block_of(other), None)) == "too_many_blocks"
        assert (await user.put(block_of(one), None)).status_code == 204


class TestUnblocking:
    async def test_lets_both_deal_again(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        await block_person(job.owner, cleaner)
        assert (await job.owner.delete(block_of(cleaner))).status_code == 204
        assert await job.owner.items(LIST) == []
        assert said(await cleaner.post(f"{job.path}/offers")) == 201

    async def test_of_a_person_who_is_not_blocked(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        await block_person(other, user)
        assert said(await user.delete(block_of(other))) == "block_not_found"


Separate = Callable[[Actor, Actor], Awaitable[None]]


@pytest.fixture(params=[False, True], ids=["by the first", "by the second"])
def separate(request: pytest.FixtureRequest) -> Separate:
    """Has one of two people block the other: it makes no difference which of them."""

    async def separate(one: Actor, other: Actor) -> None:
        await (block_person(other, one) if request.param else block_person(one, other))

    return separate


class TestDealings:
    async def test_offers(self, market: Market, separate: Separate) -> None:
        offer = await make_offer(market)
        other, outdated = await make_cleaning(market, offer.owner), await self.outdated(offer)
        await separate(offer.owner, offer.cleaner)
        cleaner = offer.cleaner
        answers = [
            await cleaner.post(f"{other.path}/offers"),
            await cleaner.patch(offer.path, {"price": "44.00"}),
            await offer.owner.post(f"{offer.path}/acceptance"),
            await cleaner.post(f"{outdated.path}/renewal"),
        ]
        assert [said(it) for it in answers] == ["not_possible"] * 4
        assert said(await offer.owner.post(f"{offer.path}/rejection")) == 200
        assert said(await cleaner.post(f"{outdated.path}/withdrawal")) == 200

    async def outdated(self, offer: MadeOffer) -> MadeOffer:
        """An offer of the same cleaner for another job of the owner, which has changed."""
        job = await offer.owner.post("/cleanings", {"name": "Oven", "price": "50.00"})
        path = f"/cleanings/{job.json()['id']}"
        made = await offer.cleaner.post(f"{path}/offers")
        await offer.owner.patch(path, {"price": "60.00"})
        return MadeOffer(Job(offer.owner, job.json(), ""), offer.cleaner, made.json(), "")

    async def test_questions(self, market: Market, separate: Separate) -> None:
        question = await make_question(market)
        answer = await make_answer(market, question)
        asker, owner, text = question.asker, question.owner, {"text": "And now?"}
        await separate(owner, asker)
        answers = [
            await asker.post(f"{question.topic.path}/questions", text),
            await asker.post(f"{question.path}/answers", text),
            await owner.post(f"{question.path}/answers", text),
            await asker.patch(question.path, text),
            await owner.patch(answer.path, text),
        ]
        assert [said(it) for it in answers] == ["not_possible"] * 5
        assert said(await owner.delete(answer.path)) == 204
        assert said(await asker.delete(question.path)) == 204

    async def test_questions_about_packages(self, market: Market, separate: Separate) -> None:
        package, asker = await make_package(market), await make_user(market)
        await separate(package.seller, asker)
        asked = await asker.post(f"{package.path}/questions", {"text": "Really?"})
        assert said(asked) == "not_possible"

    async def test_orders(self, market: Market, separate: Separate) -> None:
        package = await make_package(market)
        order = await make_order(market, package)
        await separate(order.customer, order.cleaner)
        placed = await order.customer.post("/orders", draft_of(package))
        accepted = await order.cleaner.post(f"{order.path}/acceptance")
        written = await order.customer.post(f"{order.path}/messages", {"text": "Hello?"})
        assert [said(it) for it in (placed, accepted, written)] == ["not_possible"] * 3
        assert said(await order.cleaner.post(f"{order.path}/declination")) == 200

    async def test_messages(self, market: Market, separate: Separate) -> None:
        message = await make_message(market)
        offer = message.offer
        await separate(offer.owner, offer.cleaner)
        answers = [
            *[await side.post(f"{message.thread}/messages", {"text": "Hello?"})
              for side in (offer.owner, offer.cleaner)],
            await message.sender.patch(message.path, {"text": "Hello?"}),
        ]  # fmt: skip
        assert [said(it) for it in answers] == ["not_possible"] * 3
        assert len(await offer.owner.items(f"{message.thread}/messages")) == 1

    async def test_while_a_booking_is_under_way(self, market: Market, separate: Separate) -> None:
        booking = await make_booking(market)
        owner, cleaner, thread = booking.owner, booking.cleaner, thread_of(booking.offer)
        await separate(owner, cleaner)
        for side in (owner, cleaner):
            assert said(await side.post(f"{thread}/messages", {"text": "On my way"})) == 201
        assert said(await cleaner.post(f"{booking.path}/completion-report")) == 200
        assert said(await owner.post(f"{booking.path}/completion")) == 200
        assert said(await owner.post(f"{booking.path}/evaluation", {"overall_rating": 5})) == 201
        message = await cleaner.post(f"{thread}/messages", {"text": "Thank you"})
        assert said(message) == "not_possible"


class TestFinding:
    async def found(self, viewer: Actor, question: Question) -> list[int]:
        """How many jobs, packages and questions the viewer finds in lists."""
        filters: list[dict[str, str]] = [
            {},
            {"q": "oven"},
            {"q": "oven", "sort": "newest"},
            {"category": "windows"},
            {"sort": "price", "status": "any"},
            {"owner": question.owner.username},
        ]
        jobs = [len(await names(viewer, **it)) for it in filters]
        packages = [len(await viewer.items("/packages", **it)) for it in filters[:-1]]
        questions = [len(await viewer.items(f"{question.topic.path}/questions"))]
        return [*jobs, *packages, *questions]

    async def test_leaves_out_each_other(self, market: Market, separate: Separate) -> None:
        owner, other = await make_user(market), await make_user(market)
        package = await make_package(market, owner)
        job = await make_cleaning(market, owner, name="Oven", category="windows")
        question = await make_question(market, job, await make_user(market))
        assert await self.found(other, question) == [1] * 12
        await separate(owner, other)
        assert await self.found(other, question) == [*[0] * 11, 1]
        assert await self.found(question.asker, question) == [1] * 12
        assert await self.found(owner, question) == [1] * 12
        for path in (job.path, package.path, f"/profiles/{owner.username}"):
            assert said(await other.get(path)) == 200
        await separate(other, question.asker)
        assert await other.items(f"{job.path}/questions") == []

    async def test_finds_no_jobs_for_saved_searches(
        self, market: Market, separate: Separate
    ) -> None:
        owner, searcher, other = [await make_user(market) for _ in range(3)]
        for user in (searcher, other):
            assert said(await user.post("/saved-searches", {"q": "oven"})) == 201
        await separate(owner, searcher)
        await make_cleaning(market, owner, name="Oven")
        await notify(market)
        assert [len(await notifications(it)) for it in (searcher, other)] == [0, 1]
