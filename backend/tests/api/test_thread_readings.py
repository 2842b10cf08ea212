"""Readings of threads by staff: for a report or a stated reason, told to both sides."""

from datetime import timedelta
from typing import Any

from httpx import AsyncClient

from app.services.thread_readings import BECAUSE_OF_REPORT
from tests.factories.api_keys import make_api_key
from tests.factories.messages import Message, make_message, make_message_with_photos
from tests.factories.notifications import notifications, notify
from tests.factories.orders import make_order
from tests.factories.reports import MadeReport, decide, make_report
from tests.factories.thread_readings import REASON, draft_of, read_for, read_thread
from tests.factories.users import Actor, Market
from tests.invariants import assert_invariants
from tests.staff import audited, make_staff

PATH = "/admin/thread-readings"


async def reported(market: Market, message: Message) -> MadeReport:
    """A report about a message, by the owner of the job."""
    return await make_report(market, message.path, message.sender, message.offer.job.owner)


async def told(actor: Actor) -> list[tuple[str, str | None]]:
    """What a user was told of readings, and the reasons."""
    found = [it for it in await notifications(actor) if it["kind"].startswith("messages_read")]
    assert {it["group"] for it in found} <= {"staff"}
    assert [it["actor"] for it in found] == [None] * len(found)
    return [(it["kind"], it["reason"]) for it in found]


async def let_end(market: Market) -> None:
    """Dates all readings back by more than a day."""
    await market.app.state.database.fetch(
        "UPDATE thread_readings SET created_at = created_at - $1::interval", [timedelta(hours=25)]
    )


class TestReadingForAReason:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        message = await make_message(market)
        assert (await client.post(PATH, json=draft_of(message))).status_code == 401

    async def test_shows_all_messages_with_earlier_texts_and_photos(self, market: Market) -> None:
        message, staff = await make_message_with_photos(market), await make_staff(market)
        await message.sender.patch(message.path, {"text": "Call me: 0171 2345678"})
        answer = await make_message(market, message.offer, message.offer.owner)
        reading = await read_thread(staff, message)
        shown = (await staff.get(reading.path)).json()
        assert shown == reading.data
        sides = message.offer.owner, message.offer.cleaner
        assert [shown[side]["id"] for side in ("owner", "cleaner")] == [str(it.id) for it in sides]
        last, first = await staff.items(f"{reading.path}/messages", limit=1)
        assert (last["number"], last["text"]) == (2, answer.data["text"])
        assert first["earlier_texts"] == [message.data["text"]]
        assert first["contacts"] == ["phone_number"]
        (photo,) = first["photos"]
        assert (await staff.get(photo["url"])).status_code == 200

    async def test_tells_both_sides_the_reason(self, market: Market) -> None:
        message, staff = await make_message(market), await make_staff(market)
        reading = await read_thread(staff, message)
        await notify(market)
        for side in (message.offer.owner, message.offer.cleaner):
            assert await told(side) == [("messages_read", REASON)]
            entry = {"reason": REASON, "thread_reading_id": reading.data["id"]}
            assert await audited(staff, side) == [("thread_read", staff.username, entry)]
            (exported,) = (await side.get("/users/me/export")).json()["thread_readings"]
            assert (exported["reason"], exported["created_at"]) == (
                REASON,
                reading.data["created_at"],
            )
        await assert_invariants(market.app)

    async def test_is_for_this_member_of_staff_for_a_day(self, market: Market) -> None:
        message, staff = await make_message_with_photos(market), await make_staff(market)
        reading, other = await read_thread(staff, message), await make_staff(market)
        photo = message.data["photos"][0]["url"]
        paths = (reading.path, f"{reading.path}/messages", photo)
        assert [(await staff.get(path)).status_code for path in paths] == [200] * 3
        assert [(await other.get(path)).status_code for path in paths] == [404] * 3
        await let_end(market)
        assert [(await staff.get(path)).status_code for path in paths] == [404] * 3

    async def test_ends_with_the_role(self, market: Market) -> None:
        message, staff = await make_message_with_photos(market), await make_staff(market)
        reading = await read_thread(staff, message)
        await market.app.state.database.fetch(
            "UPDATE users SET role = 'user' WHERE id = $1", [staff.id]
        )
        assert (await staff.get(f"{reading.path}/messages")).status_code == 403
        assert (await staff.get(message.data["photos"][0]["url"])).status_code == 404

    async def test_shows_photos_to_logins_of_staff_alone(self, market: Market) -> None:
        message, staff = await make_message_with_photos(market), await make_staff(market)
        await read_thread(staff, message)
        program = (await make_api_key(market, staff)).program
        path, database = message.data["photos"][0]["url"], market.app.state.database
        assert (await program.get(path)).status_code == 404
        market.replace_safeguards(staff_needs_second_factor=True)
        assert (await staff.get(path)).status_code == 404
        assert (await message.sender.get(path)).status_code == 200
        await database.fetch("UPDATE sessions SET second_factor = true", ())
        assert (await staff.get(path)).status_code == 200

    async def test_is_not_for_a_side(self, market: Market) -> None:
        message = await make_message(market)
        await market.app.state.database.fetch(
            "UPDATE users SET role = 'staff' WHERE id = $1", [message.sender.id]
        )
        response = await message.sender.post(PATH, draft_of(message))
        assert (response.status_code, response.json()["code"]) == (409, "involved_in_thread")

    async def test_of_a_thread_of_an_order(self, market: Market) -> None:
        order, staff = await make_order(market), await make_staff(market)
        await order.customer.post(f"{order.path}/messages", {"text": "Is there a lift?"})
        key: dict[str, Any] = {
            "cleaning_id": order.data["id"],
            "cleaner_id": str(order.cleaner.id),
        }
        response = await staff.post(PATH, key | {"reason": REASON})
        assert response.status_code == 201
        reading = f"{PATH}/{response.json()['id']}"
        assert response.headers["Location"] == f"/api/v1{reading}"
        (message,) = await staff.items(f"{reading}/messages")
        assert message["text"] == "Is there a lift?"
        await notify(market)
        for side in (order.customer, order.cleaner):
            assert await told(side) == [("messages_read", REASON)]
        await assert_invariants(market.app)

    async def test_of_no_thread(self, market: Market) -> None:
        message, staff = await make_message(market), await make_staff(market)
        draft = draft_of(message) | {"cleaner_id": str(staff.id)}
        response = await staff.post(PATH, draft)
        assert (response.status_code, response.json()["code"]) == (404, "thread_not_found")

    async def test_is_limited_per_member_of_staff(self, market: Market) -> None:
        market.set_limit("thread_readings_per_account", 1)
        message, staff = await make_message(market), await make_staff(market)
        await read_thread(staff, message)
        assert (await staff.post(PATH, draft_of(message))).status_code == 429


class TestReadingForAReport:
    async def test_tells_both_sides_that_there_is_one_but_not_which(self, market: Market) -> None:
        message, staff = await make_message(market), await make_staff(market)
        report = await reported(market, message)
        reading = await read_for(staff, report)
        assert reading.data["report_id"] == report.data["id"]
        (shown,) = await staff.items(f"{reading.path}/messages")
        assert shown["text"] == message.data["text"]
        await notify(market)
        for side in (message.offer.owner, message.offer.cleaner):
            assert await told(side) == [("messages_read_for_report", None)]
            ((action, _, details), *_) = await audited(staff, side)
            assert (action, details["reason"]) == ("thread_read", BECAUSE_OF_REPORT)
            assert report.data["id"] not in str(details)
        exported = (await message.sender.get("/users/me/export")).text
        assert report.data["id"] not in exported
        await assert_invariants(market.app)

    async def test_that_another_has_taken_or_that_is_decided(self, market: Market) -> None:
        message, staff = await make_message(market), await make_staff(market)
        report, other = await reported(market, message), await make_staff(market)
        path = f"{report.for_staff}/thread-reading"
        await staff.put(f"{report.for_staff}/taker", None)
        assert (await other.post(path)).json()["code"] == "report_taken"
        await decide(market, report, "none", staff)
        assert (await other.post(path)).json()["code"] == "report_decided"

    async def test_is_not_for_its_sides(self, market: Market) -> None:
        message = await make_message(market)
        report = await reported(market, message)
        for side in (report.reporter, report.author):
            await market.app.state.database.fetch(
                "UPDATE users SET role = 'staff' WHERE id = $1", [side.id]
            )
            response = await side.post(f"{report.for_staff}/thread-reading")
            assert (response.status_code, response.json()["code"]) == (409, "involved_in_report")

    async def test_about_another_thing(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        response = await staff.post(f"{report.for_staff}/thread-reading")
        assert (response.status_code, response.json()["code"]) == (409, "report_of_no_message")
