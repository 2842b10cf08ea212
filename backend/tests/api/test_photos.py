"""Photos of jobs, packages and profiles."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from tests.factories.cleanings import Job, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.uploads import (
    make_photo,
    make_upload,
    process,
    read,
    set_photos,
    shown,
)
from tests.factories.users import Actor, Market, make_user
from tests.hiding import GROUNDS, hide, show
from tests.invariants import assert_invariants
from tests.pictures import picture
from tests.staff import make_staff

PICTURE = "/profiles/me/picture"


@pytest.fixture(autouse=True)
async def rules(market: Market) -> AsyncIterator[None]:
    """Checks the rules of the marketplace after each test."""
    yield
    await assert_invariants(market.app)


async def photos_of(actor: Actor, path: str) -> list[str]:
    """The uploads whose photos someone sees at a job or a package, in order."""
    data = (await actor.get(path)).json()
    photos = data["photos"]
    assert data["photo"] == (photos[0] if photos else None)
    return [photo["id"] for photo in photos]


async def ready(market: Market, user: Actor, number: int) -> list[str]:
    """Uploads that are ready."""
    ids = [await make_upload(user) for _ in range(number)]
    await process(market)
    return ids


class TestPhotosOfAJob:
    async def test_need_a_login(self, market: Market, client: AsyncClient) -> None:
        job = await make_cleaning(market)
        response = await client.put(f"{job.path}/photos", json={"uploads": []})
        assert response.status_code == 401

    async def test_are_shown_in_order(self, market: Market) -> None:
        job = await make_cleaning(market)
        one, two, three = await ready(market, job.owner, 3)
        await set_photos(job.owner, job.path, one, two, three)
        content = await set_photos(job.owner, job.path, three, one)
        assert [it["id"] for it in content["uploads"]] == [three, one]
        assert [it["place"] for it in content["uploads"]] == [0, 1]
        stranger = await make_user(market)
        assert await photos_of(stranger, job.path) == [three, one]
        (listed,) = await stranger.items("/cleanings")
        assert listed["photo"]["id"] == three
        assert "photos" not in listed
        assert (await read(job.owner, two))["expires_at"]

    async def test_outdate_no_offer_and_make_no_revision(self, market: Market) -> None:
        job = await make_cleaning(market)
        offer = await make_offer(market, job)
        await set_photos(job.owner, job.path, await make_upload(job.owner))
        assert (await offer.cleaner.get(offer.path)).json()["outdated"] is False
        assert await job.owner.items(f"{job.path}/revisions") == []
        kinds = [it["kind"] for it in await job.owner.items("/feed/cleanings")]
        assert kinds == ["photos_changed", "created"]

    async def test_that_stay_change_nothing(self, market: Market) -> None:
        job = await make_cleaning(market)
        ids = await ready(market, job.owner, 2)
        await set_photos(job.owner, job.path, *ids)
        first = await job.owner.get(job.path)
        await set_photos(job.owner, job.path, *ids)
        again = await job.owner.get(job.path)
        assert first.headers["ETag"] == again.headers["ETag"] == '"2"'
        assert len(await job.owner.items("/feed/cleanings")) == 2

    async def test_may_still_be_processed(self, market: Market) -> None:
        job = await make_cleaning(market)
        upload_id = await make_upload(job.owner)
        content = await set_photos(job.owner, job.path, upload_id)
        assert [it["state"] for it in content["uploads"]] == ["processing"]
        assert await photos_of(job.owner, job.path) == []
        before = (await job.owner.get(job.path)).headers["ETag"]
        await process(market)
        assert await photos_of(job.owner, job.path) == [upload_id]
        assert (await job.owner.get(job.path)).headers["ETag"] == before

    async def test_that_turn_out_damaged_are_detached(self, market: Market) -> None:
        job = await make_cleaning(market)
        good = await make_upload(job.owner)
        bad = await make_upload(job.owner, picture()[:300])
        await set_photos(job.owner, job.path, bad, good)
        await process(market)
        assert await photos_of(job.owner, job.path) == [good]
        upload = await read(job.owner, bad)
        assert (upload["state"], upload["cleaning_id"]) == ("refused", None)
        response = await job.owner.put(f"{job.path}/photos", {"uploads": [bad]})
        assert (response.status_code, response.json()["code"]) == (409, "upload_refused")

    async def test_are_eight_at_the_most_each_once(self, market: Market) -> None:
        job = await make_cleaning(market)
        ids = [await make_upload(job.owner) for _ in range(9)]
        await set_photos(job.owner, job.path, *ids[:8])
        for wrong in (ids, [ids[0], ids[0]], ids[0], None, [1]):
            response = await job.owner.put(f"{job.path}/photos", {"uploads": wrong})
            assert response.status_code == 422
            assert response.json()["errors"][0]["field"] == "uploads"
        await process(market)
        assert await photos_of(job.owner, job.path) == ids[:8]

    async def test_are_own_uploads(self, market: Market) -> None:
        job = await make_cleaning(market)
        upload_id = await make_upload(await make_user(market))
        response = await job.owner.put(f"{job.path}/photos", {"uploads": [upload_id]})
        assert (response.status_code, response.json()["code"]) == (404, "upload_not_found")

    async def test_belong_to_one_thing(self, market: Market) -> None:
        job = await make_cleaning(market)
        other = await make_cleaning(market, job.owner)
        package = await make_package(market, job.owner)
        (upload_id,) = await ready(market, job.owner, 1)
        await set_photos(job.owner, job.path, upload_id)
        wanted = {"uploads": [upload_id]}
        refused = [
            await job.owner.put(f"{other.path}/photos", wanted),
            await job.owner.put(f"{package.path}/photos", wanted),
            await job.owner.put(PICTURE, {"upload": upload_id}),
        ]
        assert [it.json()["code"] for it in refused] == ["upload_attached"] * 3
        await set_photos(job.owner, job.path)
        await set_photos(job.owner, other.path, upload_id)
        assert await photos_of(job.owner, job.path) == []
        assert await photos_of(job.owner, other.path) == [upload_id]

    async def test_are_gone_when_their_upload_is_deleted(self, market: Market) -> None:
        job = await make_cleaning(market)
        one, two = await ready(market, job.owner, 2)
        await set_photos(job.owner, job.path, one, two)
        assert (await job.owner.delete(f"/uploads/{one}")).status_code == 204
        assert await photos_of(job.owner, job.path) == [two]

    async def test_are_gone_with_it(self, market: Market) -> None:
        job = await make_cleaning(market)
        url = await photo_at(market, job.owner, job.path)
        await job.owner.delete(job.path)
        assert (await shown(market, url)).status_code == 404
        assert await job.owner.items("/uploads") == []

    async def test_are_hidden_with_it(self, market: Market) -> None:
        job, staff = await make_cleaning(market), await make_staff(market)
        url = await photo_at(market, job.owner, job.path)
        await staff.post(f"/admin{job.path}/hiding", GROUNDS)
        assert (await shown(market, url)).status_code == 404
        assert await photos_of(job.owner, job.path) == []
        await staff.delete(f"/admin{job.path}/hiding")
        assert (await shown(market, url)).status_code == 200
        assert len(await photos_of(job.owner, job.path)) == 1


async def photo_at(market: Market, owner: Actor, path: str) -> str:
    """The path of a photo that a job or a package shows."""
    upload = await make_photo(market, owner)
    await set_photos(owner, path, upload["id"])
    assert (await shown(market, upload["photo"]["url"])).status_code == 200
    return str(upload["photo"]["url"])


class TestPhotosOfAPackage:
    async def test_are_shown_in_order(self, market: Market) -> None:
        package = await make_package(market)
        one, two = await ready(market, package.seller, 2)
        await set_photos(package.seller, package.path, two, one)
        customer = await make_user(market)
        assert await photos_of(customer, package.path) == [two, one]
        (listed,) = await customer.items("/packages")
        assert listed["photo"]["id"] == two
        data = (await customer.get(package.path)).json()
        assert data["revision"] == 1

    async def test_are_hidden_with_it(self, market: Market) -> None:
        package, staff = await make_package(market), await make_staff(market)
        url = await photo_at(market, package.seller, package.path)
        await staff.post(f"/admin{package.path}/hiding", GROUNDS)
        assert (await shown(market, url)).status_code == 404
        assert await photos_of(package.seller, package.path) == []

    async def test_are_erased_with_the_account(self, market: Market) -> None:
        package = await make_package(market)
        url = await photo_at(market, package.seller, package.path)
        assert (await package.seller.delete("/users/me")).status_code == 204
        assert (await shown(market, url)).status_code == 404


class TestPicture:
    async def test_is_shown_wherever_the_profile_is(self, market: Market) -> None:
        job: Job = await make_cleaning(market)
        upload = await make_photo(market, job.owner)
        response = await job.owner.put(PICTURE, {"upload": upload["id"]})
        assert response.status_code == 200
        assert response.json()["picture"] == upload["photo"]
        stranger = await make_user(market)
        (listed,) = await stranger.items("/cleanings")
        assert listed["owner"]["picture"] == upload["photo"]
        profile = (await stranger.get(f"/profiles/{job.owner.username}")).json()
        assert profile["picture"] == upload["photo"]

    async def test_is_replaced(self, market: Market) -> None:
        user = await make_user(market)
        one, two = await ready(market, user, 2)
        for upload_id in (one, two, two):
            response = await user.put(PICTURE, {"upload": upload_id})
            assert response.json()["picture"]["id"] == upload_id
        assert response.headers["ETag"] == '"3"'
        assert [(await read(user, it))["of_profile"] for it in (one, two)] == [False, True]

    async def test_is_removed(self, market: Market) -> None:
        user = await make_user(market)
        (upload_id,) = await ready(market, user, 1)
        await user.put(PICTURE, {"upload": upload_id})
        response = await user.put(PICTURE, {"upload": None})
        assert response.json()["picture"] is None

    async def test_may_still_be_processed(self, market: Market) -> None:
        user = await make_user(market)
        upload_id = await make_upload(user)
        assert (await user.put(PICTURE, {"upload": upload_id})).json()["picture"] is None
        await process(market)
        assert (await user.get("/profiles/me")).json()["picture"]["id"] == upload_id

    async def test_is_gone_when_its_upload_is_deleted(self, market: Market) -> None:
        user = await make_user(market)
        (upload_id,) = await ready(market, user, 1)
        await user.put(PICTURE, {"upload": upload_id})
        await user.delete(f"/uploads/{upload_id}")
        assert (await user.get("/profiles/me")).json()["picture"] is None


class TestHiding:
    async def test_ends_a_photo_until_it_is_shown_again(self, market: Market) -> None:
        job, staff = await make_cleaning(market), await make_staff(market)
        one, two = await ready(market, job.owner, 2)
        await set_photos(job.owner, job.path, one, two)
        url = (await read(job.owner, one))["photo"]["url"]
        await hide(staff, f"/uploads/{one}")
        assert (await shown(market, url)).status_code == 404
        assert await photos_of(job.owner, job.path) == [two]
        upload = await read(job.owner, one)
        assert (upload["hidden"], upload["photo"]) == (True, None)
        await show(staff, f"/uploads/{one}")
        assert (await shown(market, url)).status_code == 200
        assert await photos_of(job.owner, job.path) == [one, two]
        actions = [it["action"] for it in await staff.items("/admin/audit")]
        assert actions[:2] == ["photo_shown", "photo_hidden"]

    async def test_of_a_photo_that_is_none(self, market: Market) -> None:
        staff = await make_staff(market)
        response = await staff.post(f"/admin/uploads/{staff.id}/hiding", GROUNDS)
        assert (response.status_code, response.json()["code"]) == (404, "upload_not_found")
