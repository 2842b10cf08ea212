"""Threads of orders: from the placing on, and as threads of their jobs."""

import pytest
from httpx import AsyncClient

from tests.factories.notifications import notifications, notify
from tests.factories.orders import MadeOrder, accept, make_order
from tests.factories.packages import make_package
from tests.factories.scenes import make_scene
from tests.factories.users import Market
from tests.features.messages import SENT_ABOUT_ORDER
from tests.races import TRIES, race

TEXT = {"text": "Is there a lift?"}


def job_thread(order: MadeOrder) -> str:
    """The path of the thread of the job of an order."""
    return f"/cleanings/{order.data['id']}/threads/{order.cleaner.id}"


async def send(order: MadeOrder) -> None:
    """Has the cleaner send a message."""
    response = await order.cleaner.post(f"{order.path}/messages", TEXT)
    assert response.status_code == 201, response.text


class TestReading:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        path = (await make_order(market)).path
        for part in ("thread", "messages"):
            assert (await client.get(f"{path}/{part}")).status_code == 401

    async def test_shows_the_order(self, market: Market) -> None:
        order = await make_order(market, await make_package(market, name="Oven scrub"))
        await send(order)
        (shown,) = await order.customer.items("/threads")
        assert shown == (await order.customer.get(f"{order.path}/thread")).json()
        assert (shown["cleaning_id"], shown["cleaning"]) == (order.data["id"], None)
        assert shown["order"] == {
            "status": "placed",
            "starts_at": order.data["starts_at"],
            "items": [{"quantity": 1, "name": "Oven scrub"}],
        }
        assert (shown["role"], shown["unread"]) == ("customer", 1)

    async def test_of_a_job_without_an_order_is_not_found(self, market: Market) -> None:
        scene = await make_scene(market, "cleaner send_message")
        response = await scene.job.owner.get(f"/orders/{scene.job.data['id']}/thread")
        assert (response.status_code, response.json()["code"]) == (404, "thread_not_found")


class TestSending:
    async def test_goes_on_in_the_thread_of_the_job(self, market: Market) -> None:
        order = await make_order(market)
        await send(order)
        await accept(order)
        for path in (f"{order.path}/messages", f"{job_thread(order)}/messages"):
            assert (await order.customer.post(path, TEXT)).status_code == 201
        shown = await order.cleaner.items(f"{order.path}/messages")
        assert [it["number"] for it in shown] == [3, 2, 1]
        assert await order.cleaner.items(f"{job_thread(order)}/messages") == shown
        (thread,) = await order.cleaner.items("/threads")
        assert (thread["cleaning"]["status"], thread["order"]["status"]) == ("booked", "accepted")
        assert thread["unread"] == 2

    @pytest.mark.parametrize(
        ("end", "reason"),
        [
            ("cleaner decline_order", "declined"),
            ("owner cancel_order", "cancelled"),
            ("clock answer", "unanswered"),
            ("clock answer, clock tick", "unanswered"),
        ],
    )
    async def test_ends_with_the_order(self, market: Market, end: str, reason: str) -> None:
        scene = await make_scene(market, f"{SENT_ABOUT_ORDER}, {end}")
        for role in ("owner", "cleaner"):
            problem = (await scene.act(role, "send_order_message")).json()
            assert (problem["code"], problem["reason"]) == ("thread_closed", reason)
        (thread,) = await scene.job.owner.items("/threads")
        assert thread["closed"] == reason

    async def test_warns_of_contact_details_until_the_order_is_accepted(
        self, market: Market
    ) -> None:
        order, text = await make_order(market), {"text": "See www.example.com"}
        for warnings in (["url"], []):
            response = await order.cleaner.post(f"{order.path}/messages", text)
            assert response.json()["warnings"] == warnings
            if warnings:
                await accept(order)

    @pytest.mark.committed
    @pytest.mark.usefixtures("rules_hold")
    async def test_against_the_acceptance_goes_through(self, market: Market) -> None:
        for attempt in range(TRIES // 5):
            order = await make_order(market)
            responses = await race(
                attempt,
                order.cleaner.post(f"{order.path}/acceptance"),
                order.customer.post(f"{order.path}/messages", TEXT),
                order.cleaner.post(f"{job_thread(order)}/messages", TEXT),
            )
            assert [it.status_code for it in responses] == [201] * 3
            assert {it.json()["number"] for it in responses[1:]} == {1, 2}

    @pytest.mark.committed
    @pytest.mark.usefixtures("rules_hold")
    async def test_against_the_end_of_the_order(self, market: Market) -> None:
        for attempt in range(TRIES // 5):
            order = await make_order(market)
            ended, sent = await race(
                attempt,
                order.customer.post(f"{order.path}/cancellation"),
                order.cleaner.post(f"{order.path}/messages", TEXT),
            )
            assert (ended.status_code, sent.status_code) in ((200, 201), (200, 409))


class TestNotifying:
    async def test_leads_to_the_thread_of_the_order(self, market: Market) -> None:
        order = await make_order(market)
        await send(order)
        await notify(market)
        told = (await notifications(order.customer))[-1]
        assert (told["kind"], told["cleaning_id"]) == ("message_received", None)
        assert told["thread"]["cleaning_id"] == order.data["id"]
        assert told["thread"]["cleaner_id"] == str(order.cleaner.id)
        assert [it["name"] for it in told["thread"]["order"]["items"]] == [
            it["name"] for it in order.data["items"]
        ]
