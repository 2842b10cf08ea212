"""Messages: sending, repeats, contact details, editing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.db.models.messages import EDITABLE_FOR
from app.db.models.users import UserRole
from tests.factories.bookings import make_booking
from tests.factories.messages import Message, age, make_message
from tests.factories.offers import make_offer
from tests.factories.threads import thread_of
from tests.factories.users import Actor, Market, make_user

NUMBER = "Call me: 0171 2345678"


async def edit(message: Message, text: str, actor: Actor | None = None) -> tuple[int, str | None]:
    """Edits a message; returns the status and the code of the problem."""
    response = await (actor or message.sender).patch(message.path, {"text": text})
    return response.status_code, response.json().get("code")


class TestSending:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        path = f"{thread_of(await make_offer(market))}/messages"
        assert (await client.post(path, json={"text": "Hello"})).status_code == 401

    async def test_numbers_the_messages_of_both_sides(self, market: Market) -> None:
        offer = await make_offer(market)
        sides = (offer.owner, offer.cleaner, offer.owner)
        sent = [await make_message(market, offer, side) for side in sides]
        assert [it.data["number"] for it in sent] == [1, 2, 3]
        for side in (offer.owner, offer.cleaner):
            shown = await side.items(f"{thread_of(offer)}/messages", limit=2)
            assert shown == [it.data for it in reversed(sent)]

    async def test_answers_where_the_message_is(self, market: Market) -> None:
        offer = await make_offer(market)
        response = await offer.owner.post(f"{thread_of(offer)}/messages", {"text": " Hello "})
        assert response.headers["ETag"] == '"1"'
        location = response.headers["Location"].removeprefix("/api/v1")
        shown = (await offer.cleaner.get(location)).json()
        assert shown == response.json()
        assert shown == {
            "number": 1,
            "sender_id": str(offer.owner.id),
            "text": "Hello",
            "warnings": [],
            "photos": [],
            "pending_photos": 0,
            "created_at": shown["created_at"],
            "edited_at": None,
        }

    async def test_in_a_thread_of_others_is_not_found(self, market: Market) -> None:
        message = await make_message(market)
        rival = await make_offer(market, message.offer.job)
        for path in (f"{message.thread}/messages", message.path, f"{message.path}/versions"):
            assert (await rival.cleaner.get(path)).status_code == 404
        response = await rival.cleaner.post(f"{message.thread}/messages", {"text": "Hello"})
        assert (response.status_code, response.json()["code"]) == (404, "thread_not_found")

    async def test_again_under_the_same_id_is_answered_with_the_first(self, market: Market) -> None:
        client_id = str(uuid4())
        first = await make_message(market, client_id=client_id)
        again = await make_message(market, first.offer, client_id=client_id)
        assert again.data == first.data
        await first.offer.owner.post(f"{first.offer.path}/rejection")
        again = await make_message(market, first.offer, client_id=client_id)
        assert again.data == first.data
        assert len(await first.sender.items(f"{first.thread}/messages")) == 1

    async def test_under_an_id_of_the_other_side_is_another_message(self, market: Market) -> None:
        client_id = str(uuid4())
        first = await make_message(market, client_id=client_id)
        second = await make_message(market, first.offer, first.offer.owner, client_id=client_id)
        assert second.data["number"] == 2

    async def test_is_limited_per_account(self, market: Market) -> None:
        offers = [await make_offer(market) for _ in range(2)]
        cleaner = await make_user(market)
        offers = [await make_offer(market, offer.job, cleaner) for offer in offers]
        market.set_limit("messages_per_account", 2)
        message = await make_message(market, offers[0])
        await make_message(market, offers[1])
        response = await cleaner.post(f"{thread_of(offers[1])}/messages", {"text": "Hello"})
        assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
        assert await edit(message, "Hello") == (429, "too_many_requests")
        shown = (await cleaner.get(thread_of(offers[1]))).json()
        assert shown["messages"] == 1


class TestContactDetails:
    async def test_are_sent_with_a_warning_before_a_booking(self, market: Market) -> None:
        message = await make_message(market, text=f"{NUMBER}, anna@example.com, anna@example.org")
        assert message.data["warnings"] == ["email_address", "phone_number"]
        shown = (await message.offer.owner.get(message.path)).json()
        assert (shown["text"], shown["warnings"]) == (message.data["text"], [])

    async def test_are_no_matter_after_the_booking(self, market: Market) -> None:
        booking = await make_booking(market)
        message = await make_message(market, booking.offer, text=NUMBER)
        assert message.data["warnings"] == []

    async def test_are_looked_for_again_in_edits_which_do_not_hide_them(
        self, market: Market
    ) -> None:
        message = await make_message(market)
        for text in (NUMBER, "Is there a lift?"):
            assert await edit(message, text) == (200, None)
            shown = (await message.sender.get(message.path)).json()
            assert shown["warnings"] == ["phone_number"]
        staff = await make_user(market, role=UserRole.STAFF)
        (flagged,) = await staff.items("/admin/flagged-messages")
        assert flagged["text"] == "Is there a lift?"
        assert flagged["earlier_texts"] == ["Is there a lift?", NUMBER]

    async def test_are_shown_to_staff_which_is_recorded(self, market: Market) -> None:
        messages = [await make_message(market, text=text) for text in (NUMBER, "Hello", NUMBER)]
        staff = await make_user(market, role=UserRole.STAFF)
        shown = await staff.items("/admin/flagged-messages", limit=1)
        assert [it["cleaning_id"] for it in shown] == [
            messages[place].offer.job.data["id"] for place in (2, 0)
        ]
        first = shown[0]
        assert (first["text"], first["contacts"]) == (NUMBER, ["phone_number"])
        assert first["sender_id"] == str(messages[2].sender.id)
        entries = await staff.items("/admin/audit", action="flagged_messages_read")
        assert len(entries) == 2


class TestEditing:
    async def test_keeps_the_earlier_versions_for_both_sides(self, market: Market) -> None:
        message = await make_message(market, text="First")
        for text in ("Second", "Second", "Third"):
            assert await edit(message, text) == (200, None)
        for side in (message.offer.owner, message.sender):
            versions = await side.items(f"{message.path}/versions", limit=2)
            assert [(it["number"], it["text"]) for it in versions] == [
                (3, "Third"),
                (2, "Second"),
                (1, "First"),
            ]
            shown = (await side.get(message.path)).json()
            assert shown["edited_at"] == versions[0]["written_at"]
            assert shown["created_at"] == versions[2]["written_at"]

    async def test_by_the_other_side_is_refused(self, market: Market) -> None:
        message = await make_message(market)
        assert await edit(message, "Hello", message.offer.owner) == (403, "not_sender")

    async def test_is_refused_after_a_time(self, market: Market) -> None:
        message = await make_message(market)
        await age(market, EDITABLE_FOR - timedelta(seconds=30))
        assert await edit(message, "Hello") == (200, None)
        await age(market, timedelta(seconds=30))
        assert await edit(message, "Hello again") == (409, "message_not_editable")

    async def test_is_refused_in_a_closed_thread(self, market: Market) -> None:
        message = await make_message(market)
        await message.offer.owner.post(f"{message.offer.path}/rejection")
        assert await edit(message, "Hello") == (409, "thread_closed")

    async def test_of_an_earlier_version_is_refused(self, market: Market) -> None:
        message = await make_message(market)
        headers = {"If-Match": '"1"'}
        statuses = [
            (await message.sender.patch(message.path, {"text": text}, headers=headers)).status_code
            for text in ("Second", "Third")
        ]
        assert statuses == [200, 412]

    @pytest.mark.parametrize("number", [0, 2, 1_000_001])
    async def test_of_one_that_there_is_not(self, market: Market, number: int) -> None:
        message = await make_message(market)
        response = await message.sender.patch(
            f"{message.thread}/messages/{number}", {"text": "Hello"}
        )
        assert response.status_code == (404 if number == 2 else 422)


class TestEvents:
    async def test_name_the_message_and_not_its_text(self, market: Market) -> None:
        message = await make_message(market)
        await edit(message, "Hello")
        thread = (await message.sender.get(message.thread)).json()
        rows = await market.app.state.database.fetch(
            "SELECT * FROM events WHERE subject = 'thread' ORDER BY id", ()
        )
        assert [(row["kind"], row["payload"]) for row in rows] == [
            ("message_sent", {"number": 1, "unread": 1}),
            ("message_edited", {"number": 1}),
        ]
        for row in rows:
            assert (str(row["subject_id"]), row["actor_id"]) == (thread["id"], message.sender.id)
            assert str(row["cleaning_id"]) == thread["cleaning_id"]


class TestDeletingAnAccount:
    async def test_empties_its_messages_and_keeps_their_numbers(self, market: Market) -> None:
        message = await make_message(market, text=NUMBER)
        await edit(message, "Hello")
        answer = await make_message(market, message.offer, message.offer.owner)
        assert (await message.sender.delete("/users/me")).status_code == 204
        shown = await message.offer.owner.items(f"{message.thread}/messages")
        assert [(it["number"], it["text"]) for it in shown] == [(2, answer.data["text"]), (1, None)]
        assert await message.offer.owner.items(f"{message.path}/versions") == []
