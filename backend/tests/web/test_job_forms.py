"""The form of a job: the extras of its category."""

from typing import Any

import pytest

from app.core.languages import Languages
from app.db.models.users import UserRole
from app.web import categories
from app.web.sites import Site
from tests.factories.browsers import browser_of, page_of
from tests.factories.categories import category_slug
from tests.factories.cleanings import make_cleaning
from tests.factories.extras import bring_extra
from tests.factories.packages import CATEGORY, offer_category
from tests.factories.users import Market, make_user


@pytest.fixture
def fresh_categories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has pages read the categories each time."""
    monkeypatch.setattr(categories, "KEPT_FOR", 0)


class TestTheLanguage:
    @pytest.mark.parametrize(("searched", "language"), [(("en", "de"), "de"), (("en",), "en")])
    async def test_is_that_of_the_page_where_the_market_searches_in_it(
        self,
        market: Market,
        monkeypatch: pytest.MonkeyPatch,
        searched: tuple[str, ...],
        language: str,
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        browser.client.headers["Accept-Language"] = "de"
        await browser.open("/")  # makes the site
        languages = Languages("en", searched)
        monkeypatch.setattr(Site, "languages", property(lambda _: languages), raising=False)
        form = await browser.open("/jobs/new")
        assert ("language", language) in form.form("/jobs/new").fields
        await browser.send(form, "/jobs/new", name="Fenster", price="50")
        (job,) = await user.items("/cleanings", owner="me")
        assert job["language"] == language

    async def test_can_be_chosen_and_corrected(self, market: Market) -> None:
        await offer_category(market)
        user = await make_user(market)
        browser = await browser_of(market, user)
        for new, listed, side in (
            ("/jobs/new", "/cleanings", "owner"),
            ("/packages/new", "/packages", "cleaner"),
        ):
            own = {side: "me", "status": "any"}
            form = await browser.open(new)
            fields = {"name": "Ventanas", "price": "50", "category": CATEGORY, "language": "es"}
            page = await browser.send(form, new, 200, **fields)
            (made,) = await user.items(listed, **own)
            assert made["language"] == "es"
            edit = f"{page.path}/edit"
            page = await browser.send(await browser.open(edit), edit, 422, language="fr", price="x")
            assert ("language", "fr") in page.form(edit).fields
            await browser.send(page, edit, price="50")
            (made,) = await user.items(listed, **own)
            assert made["language"] == "fr"

    async def test_that_the_form_does_not_offer_is_kept(self, market: Market) -> None:
        job = await make_cleaning(market, language="it")
        edit = f"{page_of(job)}/edit"
        browser = await browser_of(market, job.owner)
        await browser.send(await browser.open(edit), edit, name="Forno")
        shown = (await job.owner.get(job.path)).json()
        assert (shown["name"], shown["language"]) == ("Forno", "it")


@pytest.mark.usefixtures("fresh_categories")
class TestExtras:
    async def test_are_shown_for_the_chosen_category_and_what_was_typed_is_kept(
        self, market: Market
    ) -> None:
        category = await category_slug(market)
        await bring_extra(market, category)
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open("/jobs/new")
        assert "Inside the oven" not in page.text
        page = await browser.send(
            page, "/jobs/new", name="Flat", price="x", category=category, show_extras="extras"
        )
        assert "Inside the oven" in page.text
        assert page.problems == {}
        assert {("name", "Flat"), ("price", "x")} <= set(page.form("/jobs/new").fields)
        page = await browser.send(page, "/jobs/new", price="50", extras=["", "oven"])
        assert "Your job is online." in page.text
        assert "Inside the oven" in page.text
        (job,) = await user.items("/cleanings", owner="me")
        assert [extra["slug"] for extra in job["extras"]] == ["oven"]

    async def test_are_shown_by_a_form_that_can_still_be_sent(self, market: Market) -> None:
        """A script replaces the extras alone, and keeps the hidden name of the submission."""
        category = await category_slug(market)
        await bring_extra(market, category)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open("/jobs/new")
        fields: dict[str, Any] = {"name": "Flat", "price": "50", "category": category}
        shown = await browser.send(page, "/jobs/new", **fields, show_extras="extras")
        assert "Inside the oven" in shown.text
        page = await browser.send(page, "/jobs/new", **fields, extras=["", "oven"])
        assert "Your job is online." in page.text

    async def test_are_chosen_and_dropped_in_an_edit(self, market: Market) -> None:
        category = await category_slug(market)
        await bring_extra(market, category)
        await bring_extra(market, category, "fridge", name="Inside the fridge", position=2)
        job = await make_cleaning(market, category=category, extras=["oven"])
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/edit"
        page = await browser.open(path)
        assert [it for it in page.form(path).fields if it[0] == "extras"] == [
            ("extras", ""),
            ("extras", "oven"),
        ]
        page = await browser.send(page, path, extras=["", "fridge"])
        assert "Inside the fridge" in page.text
        await browser.send(await browser.open(path), path, extras=[""])
        assert (await job.owner.get(job.path)).json()["extras"] == []

    async def test_that_the_category_no_longer_brings_are_kept(self, market: Market) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        category = await category_slug(market)
        await bring_extra(market, category)
        job = await make_cleaning(market, category=category, extras=["oven"])
        await staff.delete(f"/admin/categories/{category}/extras/oven")
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/edit"
        await browser.send(await browser.open(path), path, name="Kitchen")
        shown = (await job.owner.get(job.path)).json()
        assert (shown["name"], len(shown["extras"])) == ("Kitchen", 1)

    async def test_are_dropped_with_the_category_that_brings_them(self, market: Market) -> None:
        category, other = await category_slug(market), await category_slug(market)
        await bring_extra(market, category)
        job = await make_cleaning(market, category=category, extras=["oven"])
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/edit"
        page = await browser.send(await browser.open(path), path, 422, category=other)
        page = await browser.send(page, path)
        assert "Your changes are saved." in page.text
        shown = (await job.owner.get(job.path)).json()
        assert (shown["category"], shown["extras"]) == (other, [])

    async def test_of_another_category_are_refused_beside_them(self, market: Market) -> None:
        category, other = await category_slug(market), await category_slug(market)
        await bring_extra(market, category)
        await bring_extra(market, other, "fridge", name="Inside the fridge")
        job = await make_cleaning(market, category=category, extras=["oven"])
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/edit"
        page = await browser.send(await browser.open(path), path, 422, category=other)
        assert page.problems["extras"] == "The category of the job does not bring oven."
        assert "Inside the fridge" in page.text
