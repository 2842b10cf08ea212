"""Offers on pages."""

import pytest

from tests.factories.browsers import Browser, browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user


class TestMaking:
    async def test_needs_a_login(self, market: Market) -> None:
        page = await Browser(market).open(page_of(await make_cleaning(market)))
        assert "Log in to make an offer." in page.text
        assert not [form for form in page.forms if form.action.endswith("/offers")]

    async def test_begins_with_the_price_of_the_job(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market, price="50.00"), await make_user(market)
        browser = await browser_of(market, cleaner)
        page = await browser.open(page_of(job))
        action = f"{page_of(job)}/offers"
        assert ("price", "50") in page.form(action).fields
        page = await browser.send(page, action, price="45", message="I bring a ladder.")
        assert "Your offer is on its way." in page.text
        assert "You see the answer here and in the list of your offers." in page.text
        (offer,) = await cleaner.items("/offers")
        assert (offer["price"], offer["message"]) == ("45.00", "I bring a ladder.")

    async def test_twice_says_that_there_is_one(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        browser = await browser_of(market, cleaner)
        page = await browser.open(page_of(job))
        await cleaner.post(f"{job.path}/offers")
        page = await browser.send(page, f"{page_of(job)}/offers", 409)
        assert "Change the offer that you have made, or renew it." in page.text
        assert "Your offer" in page.text


class TestChoosing:
    async def test_reaches_those_beyond_the_page_of_the_job(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.web.pages.cleanings.MOST_OFFERS", 1)
        offers = [await make_offer(market)]
        job = offers[0].job
        offers += [await make_offer(market, job) for _ in range(2)]
        browser = await browser_of(market, job.owner)
        page = await browser.open(page_of(job))
        assert offers[0].cleaner.username not in page.text
        all_of_them = f"{page_of(job)}/offers"
        assert all_of_them in page.links
        shown = await browser.open(f"{all_of_them}?limit=2")
        (more,) = (link for link in shown.links if "cursor=" in link)
        page = await browser.open(more)
        assert f"{all_of_them}/{offers[0].data['id']}/rejection" in {
            form.action for form in page.forms
        }
        stranger = await browser_of(market, offers[0].cleaner)
        await stranger.open(all_of_them, 403)

    async def test_shows_the_lowest_price_first(self, market: Market) -> None:
        job = await make_cleaning(market, price="50.00")
        for price in ("60.00", "40.00", "50.00"):
            await make_offer(market, job, price=price)
        text = (await (await browser_of(market, job.owner)).open(page_of(job))).text
        assert "3 offers to choose from" in text
        places = [text.index(it) for it in ("€40", "€10 less", "€60", "€10 more")]
        assert places == sorted(places)

    async def test_says_how_an_offer_from_before_a_change_can_be_accepted(
        self, market: Market
    ) -> None:
        offer = await make_offer(market)
        job, note = offer.job, "once its cleaner has renewed it"
        browser = await browser_of(market, job.owner)
        assert note not in (await browser.open(page_of(job))).text
        await job.owner.patch(job.path, {"price": "99.00"})
        assert note in (await browser.open(page_of(job))).text

    async def test_accepts_the_offer_that_was_seen(self, market: Market) -> None:
        offer = await make_offer(market)
        job = offer.job
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/offers/{offer.path.rpartition('/')[2]}/acceptance"
        question = await browser.open(path)
        await offer.cleaner.patch(offer.path, {"price": "99.00"})
        page = await browser.send(question, path, 412)
        assert "This has changed since you opened the page." in page.text
        response = await browser.client.post(
            path, data=dict((await browser.open(path)).form(path).fields)
        )
        assert response.headers["Location"].startswith("/bookings/")
        assert (await job.owner.get(job.path)).json()["status"] == "booked"

    async def test_declines(self, market: Market) -> None:
        offer = await make_offer(market)
        browser = await browser_of(market, offer.job.owner)
        page = await browser.open(page_of(offer.job))
        path = f"{page_of(offer.job)}/offers/{offer.path.rpartition('/')[2]}/rejection"
        page = await browser.send(page, path)
        assert "You have declined the offer." in page.text


class TestAnOwnOffer:
    async def test_is_revised_withdrawn_and_made_again(self, market: Market) -> None:
        offer = await make_offer(market, price="45.00")
        browser = await browser_of(market, offer.cleaner)
        path = f"{page_of(offer.job)}/offers/{offer.path.rpartition('/')[2]}"
        page = await browser.open(f"{path}/edit")
        page = await browser.send(page, f"{path}/edit", 422, price="")
        assert page.problems == {"price": "Required."}
        page = await browser.send(page, f"{path}/edit", price="44")
        assert "€44" in page.text
        page = await browser.send(page, f"{path}/withdrawal")
        assert "Withdrawn" in page.text
        page = await browser.open(f"{path}/renewal")
        page = await browser.send(page, f"{path}/renewal", 422, price="")
        assert page.problems == {"price": "Required."}
        page = await browser.send(page, f"{path}/renewal", price="43")
        assert "Your offer holds for the present job." in page.text
        assert (await offer.cleaner.get(offer.path)).json()["price"] == "43.00"

    async def test_that_is_outdated_asks_to_be_renewed(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.job.owner.patch(offer.job.path, {"price": "70.00"})
        browser = await browser_of(market, offer.cleaner)
        page = await browser.open(page_of(offer.job))
        assert "Renew your offer if it still holds." in page.text
        assert "renew your offer" in (await browser.open("/offers")).text
