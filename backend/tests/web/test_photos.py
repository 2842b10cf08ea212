"""Photos on pages: where they are shown, and who hides them."""

import re

from tests.factories.browsers import Browser, PageShown, browser_of, page_of
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.uploads import make_photo, set_photos, shown
from tests.factories.users import Actor, Market, make_user
from tests.staff import make_staff

REASON = "It shows a number plate."
ELSEWHERE = "https://elsewhere.example/me.jpg"


async def photos_at(market: Market, owner: Actor, path: str, number: int = 1) -> list[str]:
    """The addresses of the large photos of a job or a package that got some."""
    uploads = [await make_photo(market, owner) for _ in range(number)]
    await set_photos(owner, path, *(upload["id"] for upload in uploads))
    return [upload["photo"]["url"] for upload in uploads]


async def set_picture(market: Market, user: Actor) -> dict[str, str]:
    """The picture that a profile got."""
    upload = await make_photo(market, user)
    response = await user.put("/profiles/me/picture", {"upload": upload["id"]})
    picture: dict[str, str] = response.json()["picture"]
    return picture


def images_of(page: PageShown) -> list[dict[str, str]]:
    """The attributes of the images of a page."""
    tags = re.findall(r"<img ([^>]+)>", page.response.text)
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]


class TestAJob:
    async def test_shows_its_photos_to_visitors(self, market: Market) -> None:
        job = await make_cleaning(market)
        one, two = await photos_at(market, job.owner, job.path, 2)
        page = await Browser(market).open(page_of(job))
        assert [link for link in page.links if link.startswith("/photos/")] == [one, two]
        assert [it["alt"] for it in images_of(page)] == ["Photo 1 of 2", "Photo 2 of 2"]
        for image in images_of(page):
            response = await shown(market, image["src"])
            assert response.headers["Content-Type"] == "image/webp"

    async def test_shows_its_first_photo_in_lists(self, market: Market) -> None:
        job = await make_cleaning(market)
        await make_cleaning(market)
        await photos_at(market, job.owner, job.path, 2)
        (image,) = images_of(await Browser(market).open("/jobs"))
        assert image["src"].startswith("/photos/")
        browser = await browser_of(market, job.owner)
        assert image in images_of(await browser.open("/mine"))

    async def test_shows_its_first_photo_on_other_sites(self, market: Market) -> None:
        job = await make_cleaning(market)
        (url,) = await photos_at(market, job.owner, job.path)
        tag = f'<meta property="og:image" content="http://127.0.0.1:8000{url}">'
        assert tag in (await Browser(market).open(page_of(job))).response.text
        await job.owner.put(f"{job.path}/photos", {"uploads": []})
        assert "og:image" not in (await Browser(market).open(page_of(job))).response.text


class TestAPackage:
    async def test_shows_its_photos(self, market: Market) -> None:
        package = await make_package(market)
        urls = await photos_at(market, package.seller, package.path, 2)
        page = await Browser(market).open(package.path)
        assert [link for link in page.links if link.startswith("/photos/")] == urls
        assert "og:image" in page.response.text
        browser = await browser_of(market, package.seller)
        for path in ("/packages", "/packages/mine"):
            assert len(images_of(await browser.open(path))) == 1


class TestAPicture:
    async def test_is_shown_in_place_of_the_initials(self, market: Market) -> None:
        job = await make_cleaning(market)
        offer = await make_offer(market, job)
        pictures = [await set_picture(market, it) for it in (job.owner, offer.cleaner)]
        of_owner, of_cleaner = (it["small_url"] for it in pictures)
        browser = await browser_of(market, await make_user(market))
        for path in ("/jobs", page_of(job), f"/people/{job.owner.username}"):
            assert of_owner in [it["src"] for it in images_of(await browser.open(path))]
        browser = await browser_of(market, job.owner)
        sources = [it["src"] for it in images_of(await browser.open(page_of(job)))]
        assert sources == [of_owner, of_cleaner]

    async def test_is_hidden_from_visitors_unless_the_profile_is_public(
        self, market: Market
    ) -> None:
        job = await make_cleaning(market)
        await set_picture(market, job.owner)
        assert images_of(await Browser(market).open(page_of(job))) == []
        await job.owner.patch("/profiles/me", {"is_public": True})
        assert len(images_of(await Browser(market).open(page_of(job)))) == 1

    async def test_is_none_at_an_address_elsewhere(self, market: Market) -> None:
        job = await make_cleaning(market)
        response = await job.owner.patch("/profiles/me", {"image": ELSEWHERE})
        assert response.json()["image"] == ELSEWHERE
        browser = await browser_of(market, job.owner)
        for path in ("/", "/jobs", page_of(job), f"/people/{job.owner.username}"):
            assert ELSEWHERE not in (await browser.open(path)).response.text


class TestAnImage:
    async def test_has_its_size_before_it_is_loaded(self, market: Market) -> None:
        job = await make_cleaning(market)
        await set_picture(market, job.owner)
        await photos_at(market, job.owner, job.path, 2)
        browser = await browser_of(market, job.owner)
        for path in ("/jobs", page_of(job)):
            images = images_of(await browser.open(path))
            assert all({"src", "alt", "width", "height"} <= set(it) for it in images)
            assert len([it for it in images if "loading" in it]) >= 2


class TestHiding:
    async def test_is_for_staff(self, market: Market) -> None:
        job = await make_cleaning(market)
        (url,) = await photos_at(market, job.owner, job.path)
        for actor in (None, job.owner, await make_user(market)):
            page = await (await browser_of(market, actor)).open(page_of(job))
            assert url in page.links
            assert not [link for link in page.links if link.startswith("/uploads/")]

    async def test_of_a_photo_ends_it_until_staff_shows_it_again(self, market: Market) -> None:
        job: Job = await make_cleaning(market)
        (url,) = await photos_at(market, job.owner, job.path)
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(page_of(job))
        (link,) = [link for link in page.links if link.startswith("/uploads/")]
        path = link.partition("?")[0]
        page = await browser.send(await browser.open(link), path, reason=REASON)
        assert page.path == page_of(job)
        assert url not in page.links
        assert (await shown(market, url)).status_code == 404
        audit = await browser.open("/staff/audit")
        (again,) = [link for link in audit.links if link.startswith("/uploads/")]
        await browser.send(await browser.open(again), again.partition("?")[0])
        assert url in (await browser.open(page_of(job))).links

    async def test_needs_grounds(self, market: Market) -> None:
        job = await make_cleaning(market)
        await photos_at(market, job.owner, job.path)
        browser = await browser_of(market, await make_staff(market))
        (link,) = [
            it for it in (await browser.open(page_of(job))).links if it.startswith("/uploads/")
        ]
        page = await browser.send(await browser.open(link), link.partition("?")[0], 422)
        assert "reason" in page.problems

    async def test_of_a_picture_is_on_the_page_of_the_person(self, market: Market) -> None:
        user = await make_user(market)
        picture = await set_picture(market, user)
        browser = await browser_of(market, await make_staff(market))
        profile = f"/people/{user.username}"
        link = f"/uploads/{picture['id']}/hiding"
        assert f"{link}?next={profile}" in (await browser.open(profile)).links
        page = await browser.send(await browser.open(f"{link}?next={profile}"), link, reason=REASON)
        assert page.path == profile
        assert images_of(page) == []
