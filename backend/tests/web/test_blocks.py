"""Blocks on pages."""

from tests.factories.blocks import block_person
from tests.factories.browsers import browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.questions import make_question
from tests.factories.users import Market, make_user

LIST = "/account/blocks"


class TestBlocking:
    async def test_leads_from_a_profile_to_the_list_and_back(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        browser, profile = await browser_of(market, user), f"/people/{other.username}"
        page = await browser.open(profile)
        assert f"{profile}/block" in page.links
        page = await browser.open(f"{profile}/block")
        assert "The other person is not told." in page.text
        page = await browser.send(page, f"{profile}/block")
        assert page.path == LIST
        assert "The person is blocked." in page.text
        assert profile in page.links
        page = await browser.send(page, f"{LIST}/{other.username}/deletion")
        assert "The person is not blocked any more." in page.text
        assert "No blocked people" in page.text

    async def test_is_offered_where_a_person_is_shown(self, market: Market) -> None:
        message = await make_message(market)
        job, cleaner = message.offer.job, message.offer.cleaner
        question = await make_question(market, job)
        browser = await browser_of(market, job.owner)
        thread = f"/messages/{job.data['id']}/{cleaner.id}"
        shown = await browser.open(page_of(job))
        for person in (cleaner, question.asker):
            assert f"/people/{person.username}/block" in shown.links
        assert f"/people/{cleaner.username}/block" in (await browser.open(thread)).links
        asker, package = await browser_of(market, question.asker), await make_package(market)
        for page, person in ((page_of(job), job.owner), (package.path, package.seller)):
            assert f"/people/{person.username}/block" in (await asker.open(page)).links
        own = await browser.open(f"/people/{job.owner.username}")
        assert f"/people/{job.owner.username}/block" not in own.links

    async def test_of_oneself_is_refused_in_words(self, market: Market) -> None:
        user = await make_user(market)
        browser, path = await browser_of(market, user), f"/people/{user.username}/block"
        page = await browser.send(await browser.open(path), path, 409)
        assert "You can't block yourself." in page.text


class TestUnblocking:
    async def test_is_offered_in_the_place_of_blocking(self, market: Market) -> None:
        offer = await make_offer(market)
        owner, cleaner = offer.owner, offer.cleaner
        path = f"/people/{cleaner.username}/block"
        await block_person(owner, cleaner)
        browser, other = await browser_of(market, owner), await browser_of(market, cleaner)
        for address in (page_of(offer.job), f"/people/{cleaner.username}"):
            page = await browser.open(address)
            assert path in page.links
            assert "Unblock this person" in page.text
            assert "Block this person" not in page.text
        page = await browser.send(await browser.open(path), f"{LIST}/{cleaner.username}/deletion")
        assert "The person is not blocked any more." in page.text
        assert "Block this person" in (await browser.open(page_of(offer.job))).text
        await block_person(owner, cleaner)
        assert "Unblock" not in (await other.open(page_of(offer.job))).text


class TestDealings:
    async def test_are_refused_in_words(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        browser, offers = await browser_of(market, cleaner), f"{page_of(job)}/offers"
        await block_person(job.owner, cleaner)
        page = await browser.send(await browser.open(page_of(job)), offers, 409, price="45")
        assert "This is not possible between you and this person." in page.text
        assert "Choose another job or another person." in page.text
        assert ("price", "45") in page.form(offers).fields

    async def test_keep_the_text_of_a_message(self, market: Market) -> None:
        offer = await make_offer(market)
        browser = await browser_of(market, offer.owner)
        thread = f"/messages/{offer.job.data['id']}/{offer.cleaner.id}"
        await block_person(offer.cleaner, offer.owner)
        page = await browser.send(await browser.open(thread), thread, 409, text="Hello?")
        assert "This is not possible between you and this person." in page.text
        assert ("text", "Hello?") in page.form(thread).fields
