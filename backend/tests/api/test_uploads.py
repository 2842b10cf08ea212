"""Uploads: what is taken, what becomes of it, and when it is gone."""

import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from httpx import AsyncClient

from app.http.receiving import AT_ONCE, AT_ONCE_PER_ACCOUNT, OF_FILES, ReceivingPlaces
from tests.factories.uploads import files_of, make_photo, make_upload, process, read, send, shown
from tests.factories.users import Actor, Market, block, make_user
from tests.pictures import JPEG, PNG, SVG, WEBP, from_camera, picture

KEYED = {"Idempotency-Key": "4a2f7f2f"}
CHUNK = 100_000

pytestmark = pytest.mark.usefixtures("photo_folder")


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


@pytest.mark.usefixtures("way")
class TestUploading:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.post("/uploads", content=picture())
        assert response.status_code == 401

    @pytest.mark.parametrize("media_type", [JPEG, PNG, WEBP, "IMAGE/JPEG; x=y"])
    async def test_takes_pictures(self, market: Market, user: Actor, media_type: str) -> None:
        content = picture(media_type if media_type in {JPEG, PNG, WEBP} else JPEG)
        response = await send(user, content, media_type)
        assert response.status_code == 201
        upload = response.json()
        assert (upload["state"], upload["photo"]) == ("processing", None)
        assert response.headers["Location"] == f"/api/v1/uploads/{upload['id']}"
        assert await read(user, upload["id"]) == upload
        assert len(await files_of(market)) == 1

    @pytest.mark.parametrize(
        ("content", "media_type", "status", "code"),
        [
            (picture(), None, 415, "unsupported_media_type"),
            (picture(), "application/octet-stream", 415, "unsupported_media_type"),
            (SVG, "image/svg+xml", 415, "unsupported_media_type"),
            (SVG, JPEG, 422, "not_an_image"),
            (picture(JPEG), PNG, 422, "not_an_image"),
            (picture(PNG), WEBP, 422, "not_an_image"),
            (picture(WEBP), JPEG, 422, "not_an_image"),
            (b"RIFF1234WAVE", WEBP, 422, "not_an_image"),
            (b"\xff\xd8", JPEG, 422, "not_an_image"),
            (b"", JPEG, 422, "not_an_image"),
        ],
    )
    async def test_refuses_what_is_no_picture(
        self,
        market: Market,
        user: Actor,
        content: bytes,
        media_type: str | None,
        status: int,
        code: str,
    ) -> None:
        response = await send(user, content, media_type)
        problem = response.json()
        found = problem["errors"][0]["code"] if status == 422 else problem["code"]
        assert (response.status_code, found) == (status, code)
        assert await files_of(market) == set()
        assert await user.items("/uploads") == []

    async def test_refuses_a_size_that_is_stated(self, market: Market, user: Actor) -> None:
        response = await send(user, **{"Content-Length": str(OF_FILES.size + 1)})
        assert (response.status_code, response.json()["code"]) == (413, "content_too_large")
        assert await files_of(market) == set()

    async def test_refuses_a_size_that_is_not_stated(self, market: Market, user: Actor) -> None:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            yield picture()
            while True:
                sent += CHUNK
                yield bytes(CHUNK)

        response = await send(user, endless())
        assert (response.status_code, response.json()["code"]) == (413, "content_too_large")
        assert sent <= OF_FILES.size + 1_000_000 + 3 * CHUNK
        assert await files_of(market) == set()

    async def test_is_limited_per_account(self, market: Market, user: Actor) -> None:
        market.set_limit("uploads_per_account", 2)
        statuses = [(await send(user)).status_code for _ in range(3)]
        assert statuses == [201, 201, 429]
        assert (await send(await make_user(market))).status_code == 201
        assert len(await files_of(market)) == 3

    async def test_that_is_repeated_with_a_key_is_done_once(
        self, market: Market, user: Actor
    ) -> None:
        first, again = await send(user, **KEYED), await send(user, **KEYED)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert first.json() == again.json()
        assert len(await files_of(market)) == 1
        other = await send(user, from_camera(), **KEYED)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert len(await files_of(market)) == 1

    async def test_leaves_nothing_if_the_disk_is_full(self, market: Market, user: Actor) -> None:
        with largest_file(1000):
            response = await send(user, from_camera(800, 600))
        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert await files_of(market) == set()
        assert await user.items("/uploads") == []

    async def test_leaves_nothing_if_the_session_ends_meanwhile(
        self, market: Market, user: Actor
    ) -> None:
        async def slow() -> AsyncIterator[bytes]:
            yield picture()
            await block(market, user)

        assert (await send(user, slow())).status_code == 401
        assert await files_of(market) == set()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Has the kernel refuse to write more than so many bytes into a file, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestPlaces:
    async def test_are_few_in_all_and_for_each_account(self, market: Market) -> None:
        places, users = ReceivingPlaces(), [await make_user(market) for _ in range(AT_ONCE)]
        with places.taken(users[0].id), places.taken(users[0].id):
            with pytest.raises(Exception, match="Too many uploads"), places.taken(users[0].id):
                pass
            with places.taken(users[1].id):
                pass
        assert AT_ONCE_PER_ACCOUNT == 2
        with places.taken(users[0].id):
            pass


class TestProcessing:
    async def test_makes_a_photo_in_two_sizes(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user, from_camera(2000, 1000))
        photo = upload["photo"]
        assert (upload["state"], upload["reason"]) == ("ready", None)
        assert (photo["id"], photo["width"], photo["height"]) == (upload["id"], 1600, 800)
        assert photo["url"] != photo["small_url"]
        assert len(await files_of(market)) == 2

    async def test_refuses_what_can_not_be_decoded(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user, picture()[:300])
        assert (upload["state"], upload["reason"]) == ("refused", "damaged")
        assert upload["photo"] is None
        assert await files_of(market) == set()

    async def test_of_a_deleted_upload_leaves_nothing(self, market: Market, user: Actor) -> None:
        upload_id = await make_upload(user)
        assert (await user.delete(f"/uploads/{upload_id}")).status_code == 204
        await process(market)
        assert await files_of(market) == set()

    async def test_of_a_file_that_is_gone_refuses_it(self, market: Market, user: Actor) -> None:
        upload_id = await make_upload(user)
        (name,) = await files_of(market)
        await market.app.state.photos.delete(name)
        await process(market)
        assert (await read(user, upload_id))["reason"] == "damaged"


class TestDeleting:
    async def test_of_another_user_is_not_possible(self, market: Market, user: Actor) -> None:
        upload_id = await make_upload(user)
        response = await (await make_user(market)).delete(f"/uploads/{upload_id}")
        assert (response.status_code, response.json()["code"]) == (404, "upload_not_found")

    async def test_ends_the_photo_at_once(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        await user.delete(f"/uploads/{upload['id']}")
        for url in (upload["photo"]["url"], upload["photo"]["small_url"]):
            assert (await shown(market, url)).status_code == 404
        await process(market)
        assert await files_of(market) == set()

    async def test_of_the_account_deletes_its_files(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        await make_upload(user)
        assert (await user.delete("/users/me")).status_code == 204
        assert (await shown(market, upload["photo"]["url"])).status_code == 404
        await process(market)
        assert await files_of(market) == set()


class TestFiles:
    async def test_are_shown_without_a_login(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        response = await shown(market, upload["photo"]["small_url"])
        assert response.status_code == 200
        assert response.content.startswith(b"RIFF")
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["Cache-Control"] == "private, max-age=300"
        assert response.headers["Content-Disposition"] == "inline"
        assert "sandbox" in response.headers["Content-Security-Policy"]

    async def test_are_not_sent_again(self, market: Market, user: Actor) -> None:
        url = (await make_photo(market, user))["photo"]["url"]
        tag = (await shown(market, url)).headers["ETag"]
        response = await market.client.get(f"http://test{url}", headers={"If-None-Match": tag})
        assert (response.status_code, response.content) == (304, b"")

    async def test_are_not_found_by_other_names(self, market: Market, user: Actor) -> None:
        upload_id = await make_upload(user)
        (original,) = await files_of(market)
        for name in (original, upload_id, "..", "a" * 32, f"{original}x"):
            assert (await shown(market, f"/photos/{name}.webp")).status_code == 404

    async def test_of_blocked_users_are_gone(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        await block(market, user)
        assert (await shown(market, upload["photo"]["url"])).status_code == 404

    async def test_that_are_missing_are_not_found(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        for name in await files_of(market):
            await market.app.state.photos.delete(name)
        assert (await shown(market, upload["photo"]["url"])).status_code == 404


class TestExpiring:
    async def test_ends_uploads_that_belong_to_nothing(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        await expire(market)
        assert (await user.get(f"/uploads/{upload['id']}")).status_code == 404
        assert (await shown(market, upload["photo"]["url"])).status_code == 404
        assert await user.items("/uploads") == []
        picked = await user.put("/profiles/me/picture", {"upload": upload["id"]})
        assert (picked.status_code, picked.json()["code"]) == (404, "upload_not_found")

    async def test_spares_those_that_belong_to_something(self, market: Market, user: Actor) -> None:
        upload = await make_photo(market, user)
        await user.put("/profiles/me/picture", {"upload": upload["id"]})
        assert (await read(user, upload["id"]))["expires_at"] is None
        await user.put("/profiles/me/picture", {"upload": None})
        assert (await read(user, upload["id"]))["expires_at"]


async def expire(market: Market) -> None:
    """Has the time pass after which uploads expire."""
    await market.app.state.database.fetch(
        "UPDATE uploads SET expires_at = expires_at - interval '2 days'", ()
    )
