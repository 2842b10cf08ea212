"""Photos of messages, which only the two sides of the thread see."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.messages import Message, make_message, make_message_with_photos
from tests.factories.notifications import notifications, notify
from tests.factories.offers import make_offer
from tests.factories.public_notices import give_notice
from tests.factories.reports import decide, make_report
from tests.factories.threads import thread_of
from tests.factories.uploads import (
    files_of,
    make_photo,
    make_upload,
    process,
    read,
    set_photos,
    shown,
)
from tests.factories.users import Actor, Market, make_user
from tests.factories.webhooks import make_webhook
from tests.hiding import hide, show
from tests.invariants import assert_invariants
from tests.pictures import picture
from tests.staff import make_staff


@pytest.fixture(autouse=True)
async def rules(market: Market) -> AsyncIterator[None]:
    """Checks the rules of the marketplace after each test."""
    yield
    await assert_invariants(market.app)


async def photos_of(actor: Actor, message: Message) -> list[str]:
    """The uploads whose photos someone sees with a message, in order."""
    data = (await actor.get(message.path)).json()
    (listed,) = await actor.items(f"{message.thread}/messages")
    assert listed == data
    return [photo["id"] for photo in data["photos"]]


def file_of(message: Message) -> str:
    """The path of the file of the first photo of a message."""
    return str(message.data["photos"][0]["url"])


class TestSendingPhotos:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        offer = await make_offer(market)
        response = await client.post(f"{thread_of(offer)}/messages", json={"text": "Look"})
        assert response.status_code == 401

    async def test_shows_them_to_both_sides_in_order_once_they_are_ready(
        self, market: Market
    ) -> None:
        offer = await make_offer(market)
        one, two = [await make_upload(offer.cleaner) for _ in range(2)]
        message = await make_message(market, offer, photos=[two, one])
        assert (message.data["photos"], message.data["pending_photos"]) == ([], 2)
        await process(market)
        for side in (offer.owner, offer.cleaner):
            assert await photos_of(side, message) == [two, one]
            assert (await side.get(message.path)).json()["pending_photos"] == 0
        upload = await read(offer.cleaner, two)
        assert (upload["message_number"], upload["place"], upload["expires_at"]) == (1, 0, None)

    async def test_has_a_limit(self, market: Market) -> None:
        offer = await make_offer(market)
        ids = [await make_upload(offer.cleaner) for _ in range(5)]
        for wrong in (ids, [ids[0], ids[0]], None):
            response = await offer.cleaner.post(
                f"{thread_of(offer)}/messages", {"text": "Look", "photos": wrong}
            )
            assert response.status_code == 422
            assert response.json()["errors"][0]["field"] == "photos"
        await make_message(market, offer, photos=ids[:4])

    async def test_takes_own_uploads_that_belong_to_nothing(self, market: Market) -> None:
        message = await make_message_with_photos(market)
        offer, sender = message.offer, message.sender
        foreign, of_job = [await make_upload(offer.owner) for _ in range(2)]
        await set_photos(offer.owner, offer.job.path, of_job)
        damaged = await make_upload(sender, picture()[:300])
        await process(market)
        path = f"{message.thread}/messages"
        for actor, upload_id, status, code in (
            (sender, foreign, 404, "upload_not_found"),
            (sender, message.data["photos"][0]["id"], 409, "upload_attached"),
            (offer.owner, of_job, 409, "upload_attached"),
            (sender, damaged, 409, "upload_refused"),
        ):
            response = await actor.post(path, {"text": "Look", "photos": [upload_id]})
            assert (response.status_code, response.json()["code"]) == (status, code)
        assert len(await sender.items(path)) == 1

    async def test_keeps_them_from_jobs_and_profiles(self, market: Market) -> None:
        message = await make_message_with_photos(market)
        (photo,) = message.data["photos"]
        response = await message.sender.put("/profiles/me/picture", {"upload": photo["id"]})
        assert (response.status_code, response.json()["code"]) == (409, "upload_attached")

    async def test_again_under_the_same_id_gives_the_message_with_its_photos(
        self, market: Market
    ) -> None:
        offer, client_id = await make_offer(market), str(uuid4())
        upload = await make_photo(market, offer.cleaner)
        first, again = [
            await make_message(market, offer, client_id=client_id, photos=[upload["id"]])
            for _ in range(2)
        ]
        assert first.data == again.data
        assert [it["id"] for it in first.data["photos"]] == [upload["id"]]


class TestFiles:
    async def test_are_for_the_two_sides(self, market: Market, client: AsyncClient) -> None:
        message = await make_message_with_photos(market)
        (photo,) = message.data["photos"]
        for path in (photo["url"], photo["small_url"]):
            for side in (message.offer.owner, message.sender):
                response = await side.get(path)
                assert response.status_code == 200
                assert response.headers["Content-Type"] == "image/webp"
                assert response.headers["Cache-Control"] == "no-store"
            stranger, staff = await make_user(market), await make_staff(market)
            for actor in (stranger, staff):
                response = await actor.get(path)
                assert (response.status_code, response.json()["code"]) == (404, "photo_not_found")
            assert (await client.get(path)).status_code == 401

    async def test_have_no_public_path(self, market: Market) -> None:
        offer = await make_offer(market)
        upload = await make_photo(market, offer.cleaner)
        public = upload["photo"]["url"]
        assert (await shown(market, public)).status_code == 200
        await make_message(market, offer, photos=[upload["id"]])
        assert (await shown(market, public)).status_code == 404
        own = (await read(offer.cleaner, upload["id"]))["photo"]["url"]
        assert own == f"/messages/photos/{Path(public).stem}"

    async def test_of_other_things_are_not_found(self, market: Market) -> None:
        offer = await make_offer(market)
        upload = await make_photo(market, offer.cleaner)
        path = f"/messages/photos/{Path(upload['photo']['url']).stem}"
        assert (await offer.cleaner.get(path)).status_code == 404

    async def test_are_gone_when_they_are_hidden(self, market: Market) -> None:
        message = await make_message_with_photos(market, 2)
        hidden, left = [photo["id"] for photo in message.data["photos"]]
        await hide(await make_staff(market), f"/uploads/{hidden}")
        assert (await message.offer.owner.get(file_of(message))).status_code == 404
        assert await photos_of(message.sender, message) == [left]

    async def test_are_hidden_and_shown_with_the_reasons_to_the_sender_alone(
        self, market: Market
    ) -> None:
        message, staff = await make_message_with_photos(market), await make_staff(market)
        sides = message.sender, message.offer.owner
        path = f"/uploads/{message.data['photos'][0]['id']}"
        events = ["thread.photo_hidden"]
        webhooks = [await make_webhook(market, side, events=events) for side in sides]
        await notify(market)
        known = [len(await notifications(side)) for side in sides]
        await hide(staff, path)
        await show(staff, path)
        await notify(market)
        told = [
            (await notifications(side))[count:] for side, count in zip(sides, known, strict=True)
        ]
        assert [[(it["kind"], it["rule"], it["actor"]) for it in its] for its in told] == [
            [("message_photo_hidden", "terms", None), ("message_photo_shown", None, None)],
            [],
        ]
        assert [len(await it.log()) for it in webhooks] == [1, 0]

    async def test_are_gone_when_their_upload_is_deleted(self, market: Market) -> None:
        message = await make_message_with_photos(market, 2)
        deleted, left = [photo["id"] for photo in message.data["photos"]]
        assert (await message.sender.delete(f"/uploads/{deleted}")).status_code == 204
        assert (await message.offer.owner.get(file_of(message))).status_code == 404
        assert await photos_of(message.offer.owner, message) == [left]

    @pytest.mark.usefixtures("photo_folder")
    async def test_are_erased_with_the_account_of_the_sender(self, market: Market) -> None:
        message = await make_message_with_photos(market)
        assert len(await files_of(market)) == 2
        assert (await message.sender.delete("/users/me")).status_code == 204
        assert (await message.offer.owner.get(file_of(message))).status_code == 404
        assert await photos_of(message.offer.owner, message) == []
        await process(market)
        assert await files_of(market) == set()

    async def test_are_exported(self, market: Market) -> None:
        message = await make_message_with_photos(market)
        (photo,) = message.data["photos"]
        (upload,) = (await message.sender.get("/users/me/export")).json()["uploads"]
        assert (upload["photo"], upload["message_number"]) == (photo, 1)


class TestReportingAPhoto:
    async def test_is_for_the_other_side_and_hides_it_to_both(self, market: Market) -> None:
        message = await make_message_with_photos(market, 2)
        reported, left = [photo["id"] for photo in message.data["photos"]]
        path, owner = f"/uploads/{reported}", message.offer.job.owner
        stranger = await make_user(market)
        draft = {"path": path, "kind": "offensive", "words": "It shows a face."}
        for actor, status, code in (
            (stranger, 404, "reported_not_found"),
            (message.sender, 409, "own_content"),
        ):
            response = await actor.post("/reports", draft)
            assert (response.status_code, response.json()["code"]) == (status, code)
        assert (await give_notice(market, path)).json()["code"] == "location_not_found"
        report = await make_report(market, path, message.sender, owner)
        staff = await make_staff(market)
        copied = (await staff.get(report.for_staff)).json()["content"]
        assert copied == message.data["photos"][0]
        await decide(market, report, "hide", staff)
        for side in (owner, message.sender):
            assert await photos_of(side, message) == [left]
            assert (await side.get(file_of(message))).status_code == 404
        assert (await stranger.get(file_of(message))).status_code == 404
