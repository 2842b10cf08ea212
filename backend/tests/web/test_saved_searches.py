"""Saved searches on pages."""

from urllib.parse import quote

from app.db.models.saved_searches import MOST_PER_ACCOUNT
from tests.factories.browsers import Browser, browser_of
from tests.factories.saved_searches import save_search
from tests.factories.users import PASSWORD, Market, make_user

LIST, NEW = "/saved-searches", "/saved-searches/new"


class TestSaving:
    async def test_leads_from_the_list_of_jobs_to_that_of_searches(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        asked = "/jobs?q=ovens&cleaning_type=full_clean&area=Leith&min_price=12.50&sort=price"
        page = await browser.open(asked)
        (saving,) = (link for link in page.links if link.startswith(NEW))
        page = await browser.open(saving)
        assert "ovens" in page.text
        assert "from €12.50" in page.text
        page = await browser.send(page, NEW, name="Near me")
        assert page.path == LIST
        assert "The search is saved." in page.text
        (saved,) = await user.items("/saved-searches")
        assert (saved["q"], saved["area"], saved["min_price"]) == ("ovens", "Leith", "12.50")
        assert (saved["cleaning_type"], saved["name"]) == ("full_clean", "Near me")

    async def test_leads_visitors_to_the_login_and_back(self, market: Market) -> None:
        browser, user = Browser(market), await make_user(market)
        page = await browser.open("/jobs?q=ovens")
        (saving,) = (link for link in page.links if link.startswith(NEW))
        page = await browser.open(saving)
        assert page.path == f"/login?next={quote(saving, safe='')}"
        page = await browser.send(page, "/login", username=user.username, password=PASSWORD)
        assert page.path == saving

    async def test_is_not_offered_without_words_an_area_or_a_category(self, market: Market) -> None:
        page = await Browser(market).open("/jobs?sort=price&min_price=5&q=")
        assert not any(link.startswith(NEW) for link in page.links)

    async def test_of_too_little_says_what_is_missing(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(f"{NEW}?min_price=12")
        page = await browser.send(page, NEW, 422)
        assert "Enter words, an area or a category." in page.text
        assert ("min_price", "12") in page.form(NEW).fields

    async def test_of_one_too_many_says_so(self, market: Market) -> None:
        user = await make_user(market)
        for _ in range(MOST_PER_ACCOUNT):
            await save_search(market, user)
        browser = await browser_of(market, user)
        page = await browser.send(await browser.open(f"{NEW}?q=hoods"), NEW, 409)
        assert "You have 20 saved searches. Delete one first." in page.text


class TestTheList:
    async def test_leads_to_the_jobs_with_the_filters(self, market: Market) -> None:
        saved = await save_search(market, q="oven hoods", max_price="1200.50", language="de")
        await save_search(market)
        browser = await browser_of(market, saved.user)
        page = await browser.open(LIST)
        assert "up to €1,200.50" in page.text
        assert "German" in page.text
        (path,) = (link for link in page.links if link.startswith("/jobs?"))
        page = await browser.open(path)
        found = dict(next(form.fields for form in page.forms if form.method == "get"))
        assert (found["q"], found["max_price"]) == ("oven hoods", "1200.50")

    async def test_leads_to_the_form_that_edits_one(self, market: Market) -> None:
        saved = await save_search(
            market, q="ovens", area="Leith", currency="CHF", min_price="12.50", max_price="90.00"
        )
        browser = await browser_of(market, saved.user)
        page = await browser.open(f"{saved.path}/edit")
        assert "Price in CHF" in page.text
        entered = {"q": "", "area": "", "max_price": "8o"}
        page = await browser.send(page, f"{saved.path}/edit", 422, **entered)
        assert ("max_price", "8o") in page.form(f"{saved.path}/edit").fields
        page = await browser.send(page, f"{saved.path}/edit", 422, max_price="80")
        assert "Enter words, an area or a category." in page.text
        page = await browser.send(page, f"{saved.path}/edit", area="Fife", name="Panes")
        assert (page.path, "The saved search is changed." in page.text) == (LIST, True)
        (found,) = await saved.user.items(LIST)
        changed = [found[name] for name in ("name", "q", "area", "max_price")]
        assert changed == ["Panes", None, "Fife", "80.00"]
        assert (found["min_price"], found["currency"]) == ("12.50", "CHF")

    async def test_keeps_what_the_form_does_not_show(self, market: Market) -> None:
        filters = {"language": "it", "starts_after": "2030-05-17T09:00:30+00:00"}
        saved = await save_search(market, None, q="forno", **filters)
        browser = await browser_of(market, saved.user)
        page = await browser.open(f"{saved.path}/edit")
        assert ("language", "it") in page.form(f"{saved.path}/edit").fields
        await browser.send(page, f"{saved.path}/edit", name="Ovens")
        (found,) = await saved.user.items(LIST)
        assert {name: found[name] for name in filters} == filters

    async def test_deletes_one(self, market: Market) -> None:
        saved = await save_search(market, name="Near me", q="ovens")
        browser = await browser_of(market, saved.user)
        page = await browser.send(await browser.open(LIST), f"{saved.path}/deletion")
        assert "The saved search is deleted." in page.text
        assert "No saved searches" in page.text
