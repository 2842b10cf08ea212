"""Deliveries of webhooks: the events that each gets, their log, and events once more."""

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.bookings import make_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, block, make_user
from tests.factories.webhook_deliveries import make_delivery
from tests.factories.webhooks import MadeWebhook, enter, make_webhook
from tests.invariants import assert_invariants


async def types(webhook: MadeWebhook) -> list[str]:
    """The types of the events in the log of a webhook, the latest first."""
    return [it["type"] for it in await webhook.log()]


class TestTheEvents:
    async def test_go_to_those_who_have_a_part(self, market: Market) -> None:
        events = ["offer.created", "offer.edited", "cleaning.created", "cleaning.edited"]
        job = await make_cleaning(market)
        await enter(market)
        cleaner, stranger = await make_user(market), await make_user(market)
        hooks = [
            await make_webhook(market, it, events=events) for it in (job.owner, cleaner, stranger)
        ]
        offer = await make_offer(market, job, cleaner)
        await job.owner.patch(job.path, {"name": "Windows and oven"})
        await enter(market)
        of_owner, of_cleaner, of_stranger = [await types(it) for it in hooks]
        assert of_owner == ["cleaning.edited", "offer.created"]
        assert of_cleaner == ["cleaning.edited", "offer.created"]
        assert of_stranger == []
        await offer.cleaner.post(f"{offer.path}/withdrawal")
        await job.owner.patch(job.path, {"name": "Windows"})
        await enter(market)
        assert len(await types(hooks[0])) == 3
        assert len(await types(hooks[1])) == 2
        await assert_invariants(market.app)

    async def test_are_those_that_it_is_for(self, market: Market) -> None:
        job = await make_cleaning(market)
        webhook = await make_webhook(market, job.owner, events=["cleaning.edited"])
        await make_offer(market, job)
        await enter(market)
        assert await types(webhook) == []

    async def test_begin_when_it_is_made(self, market: Market) -> None:
        job = await make_cleaning(market)
        await enter(market)
        webhook = await make_webhook(market, job.owner, events=["cleaning.created"])
        await enter(market)
        assert await types(webhook) == []

    async def test_of_a_hidden_thing_are_its_owners(self, market: Market) -> None:
        offer = await make_offer(market)
        staff = await make_user(market, role=UserRole.STAFF)
        hooks = [
            await make_webhook(market, it, events=["offer.edited", "offer.hidden"])
            for it in (offer.owner, offer.cleaner)
        ]
        await staff.post(f"/admin{offer.path}/hiding", {"reason": "Spam"})
        await offer.cleaner.patch(offer.path, {"message": "Cheap!"})
        await enter(market)
        assert [await types(it) for it in hooks] == [[], ["offer.edited", "offer.hidden"]]

    async def test_of_a_job_that_is_out_of_view_are_its_owners(self, market: Market) -> None:
        offer = await make_offer(market)
        hooks = [
            await make_webhook(market, it, events=["cleaning.deleted"])
            for it in (offer.owner, offer.cleaner)
        ]
        await offer.owner.delete(offer.job.path)
        await enter(market)
        assert [await types(it) for it in hooks] == [["cleaning.deleted"], []]

    @pytest.mark.parametrize("end", ["pause", "archival"])
    async def test_of_questions_are_those_of_packages_that_the_asker_sees(
        self, market: Market, end: str
    ) -> None:
        question = await make_question(market, await make_package(market))
        hooks = [
            await make_webhook(market, it, events=["package_answer.created"])
            for it in (question.owner, question.asker)
        ]
        await make_answer(market, question)
        await enter(market)
        await question.owner.post(f"{question.topic.path}/{end}")
        await make_answer(market, question)
        await enter(market)
        assert [len(await types(it)) for it in hooks] == [2, 1]

    async def test_of_questions_are_those_of_jobs_that_the_asker_sees(self, market: Market) -> None:
        offer = await make_offer(market)
        questions = [await make_question(market, offer.job, it) for it in (offer.cleaner, None)]
        hooks = [
            await make_webhook(market, it.asker, events=["answer.created"]) for it in questions
        ]
        await offer.owner.post(f"{offer.path}/acceptance")
        staff = await make_user(market, role=UserRole.STAFF)
        await staff.post(f"/admin{offer.job.path}/hiding", {"reason": "Spam"})
        for question in questions:
            await make_answer(market, question)
        await enter(market)
        assert [len(await types(it)) for it in hooks] == [1, 0]

    async def test_of_questions_are_those_that_staff_has_not_hidden(self, market: Market) -> None:
        question = await make_question(market)
        webhook = await make_webhook(market, question.owner, events=["answer.created"])
        staff = await make_user(market, role=UserRole.STAFF)
        await staff.post(f"/admin{question.path}/hiding", {"reason": "Spam"})
        await make_answer(market, question, question.asker)
        await enter(market)
        assert await types(webhook) == []

    async def test_of_questions_are_not_those_of_blocked_accounts(self, market: Market) -> None:
        question = await make_question(market)
        webhook = await make_webhook(market, question.owner, events=["question.created"])
        await block(market, question.asker)
        await enter(market)
        assert await types(webhook) == []

    async def test_of_the_whole_market_are_all(self, market: Market) -> None:
        user = await make_user(market, role=UserRole.SUPERUSER)
        events = ["cleaning.created", "offer.created"]
        webhook = await make_webhook(market, user, events=events, market_wide=True)
        await make_offer(market)
        await enter(market)
        assert await types(webhook) == ["offer.created", "cleaning.created"]

    async def test_of_a_booking_go_to_both_sides(self, market: Market) -> None:
        booking = await make_booking(market)
        hooks = [
            await make_webhook(market, it, events=["booking.cancelled"])
            for it in (booking.owner, booking.cleaner)
        ]
        await booking.owner.post(f"{booking.path}/cancellation")
        await enter(market)
        assert [await types(it) for it in hooks] == [["booking.cancelled"]] * 2
        await assert_invariants(market.app)

    async def test_are_none_while_it_is_off(self, market: Market) -> None:
        job = await make_cleaning(market)
        webhook = await make_webhook(market, job.owner)
        await job.owner.patch(webhook.path, {"enabled": False})
        await make_offer(market, job)
        await enter(market)
        assert await types(webhook) == []


class TestTheLog:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        webhook = await make_delivery(market)
        assert (await client.get(f"{webhook.path}/deliveries")).status_code == 401

    async def test_shows_events_that_wait(self, market: Market) -> None:
        webhook = await make_webhook(market)
        await make_offer(market, cleaner=webhook.owner)
        await enter(market)
        (delivery,) = await webhook.log()
        assert delivery["type"] == "offer.created"
        assert delivery["position"] > 0
        assert (delivery["attempts"], delivery["delivered_at"]) == (0, None)

    async def test_is_the_owners(self, market: Market) -> None:
        webhook, other = await make_webhook(market), await make_user(market)
        response = await other.get(f"{webhook.path}/deliveries")
        assert (response.status_code, response.json()["code"]) == (404, "webhook_not_found")


class TestAsking:
    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("test-events", None),
            ("deliveries/7/attempts", None),
            ("replays", {"position": 7}),
        ],
    )
    async def test_needs_one_that_is_on(
        self, market: Market, path: str, body: dict[str, int] | None
    ) -> None:
        webhook = await make_webhook(market)
        await webhook.owner.patch(webhook.path, {"enabled": False})
        response = await webhook.owner.post(f"{webhook.path}/{path}", body)
        assert (response.status_code, response.json()["code"]) == (409, "webhook_disabled")

    async def test_is_limited(self, market: Market) -> None:
        market.set_limit("webhook_replays_per_account", 1)
        webhook = await make_webhook(market)
        statuses = [
            (await webhook.owner.post(f"{webhook.path}/test-events")).status_code for _ in range(2)
        ]
        assert statuses == [204, 429]

    async def test_for_an_event_that_is_not_in_the_log(self, market: Market) -> None:
        webhook = await make_webhook(market)
        response = await webhook.owner.post(f"{webhook.path}/deliveries/9/attempts")
        assert (response.status_code, response.json()["code"]) == (404, "delivery_not_found")

    async def test_for_a_test_is_in_the_log(self, market: Market) -> None:
        webhook = await make_webhook(market)
        for _ in range(2):
            await webhook.owner.post(f"{webhook.path}/test-events")
        (delivery,) = await webhook.log()
        assert (delivery["position"], delivery["type"]) == (0, "webhook.test")
