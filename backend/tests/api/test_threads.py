"""Threads: their sides, their states, the inbox, and how far they were read."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.threads import OPEN_FOR
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import Message, make_message
from tests.factories.notifications import notifications, notify
from tests.factories.offers import make_offer
from tests.factories.scenes import Scene, make_scene
from tests.factories.threads import thread_of
from tests.factories.users import Actor, Market, block, make_user
from tests.stories import BOOKED, CALLED_OFF, DONE, MISSED

SENT = "cleaner send_message"


async def thread_in(scene: Scene, role: str = "owner") -> dict[str, Any]:
    """The thread of the scene, as one side sees it."""
    actor = scene.actor(role)
    assert actor is not None
    shown: dict[str, Any] = (await actor.get(thread_of(scene.offers["cleaner"]))).json()
    return shown


async def age_end(market: Market, by: timedelta) -> None:
    """Dates the end of all jobs back."""
    await market.app.state.database.fetch(
        "UPDATE cleanings SET ended_at = ended_at - $1::interval", (by,)
    )


async def read(actor: Actor, message: Message, number: int) -> dict[str, Any]:
    """Reads the thread of a message up to a number."""
    response = await actor.put(f"{message.thread}/read-mark", {"number": number})
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


class TestReading:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        thread = thread_of(await make_offer(market))
        for path in ("/threads", thread):
            assert (await client.get(path)).status_code == 401

    async def test_shows_both_sides_the_other(self, market: Market) -> None:
        offer = await make_offer(market)
        message = await make_message(market, offer, text="Is there a lift? " * 20)
        shown = (await offer.owner.get(message.thread)).json()
        assert shown["other"]["username"] == offer.cleaner.username
        assert shown == {
            "id": shown["id"],
            "cleaning_id": offer.job.data["id"],
            "cleaner_id": str(offer.cleaner.id),
            "role": "customer",
            "other": shown["other"],
            "cleaning": {
                "name": offer.job.data["name"],
                "starts_at": offer.job.data["starts_at"],
                "status": "open",
            },
            "order": None,
            "closed": None,
            "messages": 1,
            "read_mark": 0,
            "unread": 1,
            "last_message": {
                "number": 1,
                "sender_id": str(offer.cleaner.id),
                "excerpt": message.data["text"][:200],
                "created_at": message.data["created_at"],
            },
        }
        of_cleaner = (await offer.cleaner.get(message.thread)).json()
        assert of_cleaner["other"]["username"] == offer.owner.username
        assert (of_cleaner["role"], of_cleaner["unread"]) == ("cleaner", 0)

    async def test_shows_one_without_messages(self, market: Market) -> None:
        offer = await make_offer(market)
        shown = (await offer.owner.get(thread_of(offer))).json()
        assert (shown["id"], shown["messages"], shown["last_message"]) == (None, 0, None)
        assert await offer.owner.items("/threads") == []

    async def test_is_refused_before_an_offer(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        for actor in (job.owner, cleaner):
            response = await actor.get(f"{job.path}/threads/{cleaner.id}")
            assert (response.status_code, response.json()["code"]) == (404, "thread_not_found")


class TestTheState:
    @pytest.mark.parametrize(
        ("story", "closed"),
        [
            (SENT, None),
            (f"{SENT}, {BOOKED}", None),
            (f"{SENT}, {CALLED_OFF}", None),
            (f"{SENT}, owner reject_offer", "rejected"),
            (f"{SENT}, cleaner withdraw_offer", "withdrawn"),
            (f"{SENT}, cleaner withdraw_offer, cleaner renew_offer", None),
            (f"{SENT}, {BOOKED}, cleaner cancel_booking", None),
            (f"{SENT}, owner delete_cleaning", "deleted"),
            (f"{SENT}, clock start", "expired"),
            (f"{SENT}, clock start, clock tick", "expired"),
            (f"{SENT}, {MISSED}", "expired"),
            (f"{SENT}, owner cancel_cleaning", None),
            (f"{SENT}, {DONE}", None),
            (f"{SENT}, staff hide_cleaning", "hidden"),
            (f"{SENT}, staff hide_offer", "hidden"),
            (f"{SENT}, staff hide_offer, staff show_offer", None),
            (f"{SENT}, {BOOKED}, staff hide_cleaning", None),
        ],
    )
    async def test_follows_from_the_job_and_the_offer(
        self, market: Market, story: str, closed: str | None
    ) -> None:
        scene = await make_scene(market, story)
        for role in ("owner", "cleaner"):
            assert (await thread_in(scene, role))["closed"] == closed
            response = await scene.act(role, "send_message")
            if closed is None:
                assert response.status_code == 201
            else:
                problem = response.json()
                assert (response.status_code, problem["code"]) == (409, "thread_closed")
                assert problem["reason"] == closed
        path = f"{thread_of(scene.offers['cleaner'])}/messages"
        assert (await scene.job.owner.items(path))[-1]["number"] == 1

    @pytest.mark.parametrize(
        "story", [DONE, f"{BOOKED}, cleaner cancel_booking, owner cancel_cleaning"]
    )
    async def test_is_closed_a_time_after_the_end_of_the_job(
        self, market: Market, story: str
    ) -> None:
        scene = await make_scene(market, f"{SENT}, {story}")
        await age_end(market, OPEN_FOR - timedelta(hours=1))
        assert (await scene.act("owner", "send_message")).status_code == 201
        await age_end(market, timedelta(hours=2))
        assert (await thread_in(scene))["closed"] == "ended"
        problem = (await scene.act("owner", "send_message")).json()
        assert (problem["code"], problem["reason"]) == ("thread_closed", "ended")
        assert problem["detail"] == "The job ended more than 30 days ago."

    async def test_is_closed_while_the_other_is_blocked(self, market: Market) -> None:
        scene = await make_scene(market, SENT)
        await block(market, scene.offers["cleaner"].cleaner)
        assert (await thread_in(scene))["closed"] == "account_closed"
        problem = (await scene.act("owner", "send_message")).json()
        assert (problem["code"], problem["reason"]) == ("thread_closed", "account_closed")

    async def test_is_closed_when_the_other_is_deleted(self, market: Market) -> None:
        scene = await make_scene(market, f"{SENT}, {DONE}, cleaner delete_user")
        shown = await thread_in(scene)
        assert (shown["closed"], shown["unread"]) == ("account_closed", 1)
        assert shown["last_message"]["excerpt"] is None
        response = await scene.act("owner", "send_message")
        assert response.json()["reason"] == "account_closed"


class TestTheInbox:
    async def test_begins_with_unread_threads_then_with_the_latest(self, market: Market) -> None:
        owner = await make_user(market)
        jobs = [await make_cleaning(market, owner) for _ in range(4)]
        messages = [await make_message(market, await make_offer(market, job)) for job in jobs]
        for message in (messages[1], messages[3]):
            await read(owner, message, 1)
        await make_message(market, messages[1].offer, owner)
        shown = await owner.items("/threads", limit=1)
        order = [it["cleaning_id"] for it in shown]
        assert order == [messages[place].offer.job.data["id"] for place in (2, 0, 1, 3)]

    async def test_by_role(self, market: Market) -> None:
        person = await make_user(market)
        job = await make_cleaning(market, person)
        posted = await make_message(market, await make_offer(market, job))
        offered = await make_message(market, await make_offer(market, cleaner=person))
        for role, message in (("customer", posted), ("cleaner", offered)):
            (shown,) = await person.items("/threads", role=role)
            assert (shown["role"], shown["cleaning_id"]) == (role, message.offer.job.data["id"])
        assert len(await person.items("/threads")) == 2
        assert await (await make_user(market)).items("/threads") == []

    async def test_shows_no_job_that_the_caller_can_not_see(self, market: Market) -> None:
        scene = await make_scene(market, f"{SENT}, owner delete_cleaning")
        (shown,) = await scene.job.owner.items("/threads")
        assert (shown["cleaning"], shown["closed"]) == (None, "deleted")


class TestTheReadMark:
    async def test_counts_the_messages_of_the_other_behind_it(self, market: Market) -> None:
        first = await make_message(market)
        for sender in ("cleaner", "owner", "cleaner"):
            await make_message(market, first.offer, getattr(first.offer, sender))
        shown = await read(first.offer.owner, first, 2)
        assert (shown["read_mark"], shown["unread"]) == (2, 1)
        other = (await first.offer.cleaner.get(first.thread)).json()
        assert (other["read_mark"], other["unread"]) == (0, 1)

    async def test_never_moves_back_or_beyond_the_last_message(self, market: Market) -> None:
        message = await make_message(market)
        await make_message(market, message.offer)
        for number, mark in ((2, 2), (1, 2), (9, 2)):
            assert (await read(message.offer.owner, message, number))["read_mark"] == mark
        await make_message(market, message.offer)
        assert (await message.offer.owner.get(message.thread)).json()["unread"] == 1

    async def test_of_a_thread_without_messages(self, market: Market) -> None:
        offer = await make_offer(market)
        path = f"{thread_of(offer)}/read-mark"
        shown = (await offer.owner.put(path, {"number": 1})).json()
        assert (shown["read_mark"], shown["unread"]) == (0, 0)

    async def test_of_strangers_is_not_found(self, market: Market) -> None:
        message, stranger = await make_message(market), await make_user(market)
        response = await stranger.put(f"{message.thread}/read-mark", {"number": 1})
        assert (response.status_code, response.json()["code"]) == (404, "thread_not_found")


class TestNotifying:
    async def test_tells_the_other_side_of_the_first_unread_message(self, market: Market) -> None:
        message = await make_message(market)
        await make_message(market, message.offer)
        await notify(market)
        *_, told = await notifications(message.offer.owner)
        assert (told["kind"], told["group"]) == ("message_received", "messages")
        assert told["actor"]["username"] == message.sender.username
        assert told["cleaning_id"] == message.offer.job.data["id"]
        assert [it["kind"] for it in await notifications(message.sender)] == []
        count = len(await notifications(message.offer.owner))
        await read(message.offer.owner, message, 2)
        await make_message(market, message.offer)
        await notify(market)
        assert len(await notifications(message.offer.owner)) == count + 1
