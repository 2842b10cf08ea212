"""Threads on pages of staff: the list of flagged messages, and the reading of a thread."""

from tests.factories.browsers import browser_of
from tests.factories.messages import make_message, make_message_with_photos
from tests.factories.reports import make_report
from tests.factories.users import Market
from tests.staff import make_staff

FLAGGED = "/staff/flagged-messages"
NUMBER = "Call me: 0171 2345678"


class TestFlaggedMessages:
    async def test_lead_to_their_thread_with_a_reason(self, market: Market) -> None:
        message = await make_message(market, text=NUMBER)
        answer = await make_message(market, message.offer, message.offer.owner)
        browser = await browser_of(market, await make_staff(market))
        assert FLAGGED in (await browser.open("/staff")).links
        page = await browser.open(FLAGGED)
        assert NUMBER in page.text
        assert "Phone number" in page.text
        (link,) = [it for it in page.links if it.startswith("/staff/threads/")]
        asked, (action, _) = await browser.open(link), link.split("?")
        page = await browser.send(asked, action, 422, reason="")
        assert set(page.problems) == {"reason"}
        page = await browser.send(page, action, reason="It looks like fraud.")
        assert page.path.startswith("/staff/thread-readings/")
        for text in (NUMBER, answer.data["text"], "It looks like fraud."):
            assert text in page.text


class TestTheCaseOfAMessage:
    async def test_leads_to_its_thread(self, market: Market) -> None:
        message = await make_message_with_photos(market)
        owner = message.offer.job.owner
        thread = f"/messages/{message.offer.job.data['id']}/{message.sender.id}"
        (photo,) = message.data["photos"]
        link = f"/report?about=/uploads/{photo['id']}"
        assert link in (await (await browser_of(market, owner)).open(thread)).links
        assert link not in (await (await browser_of(market, message.sender)).open(thread)).links
        of_message = await make_report(market, message.path, message.sender, owner)
        of_photo = await make_report(market, f"/uploads/{photo['id']}", message.sender, owner)
        browser = await browser_of(market, await make_staff(market))
        for report in (of_message, of_photo):
            case = f"/staff/reports/{report.data['id']}"
            page = await browser.send(await browser.open(case), f"{case}/thread-reading")
            assert message.data["text"] in page.text
            assert case in page.links
            assert (await browser.client.get(photo["url"])).status_code == 200
            assert photo["small_url"] in page.files

    async def test_of_another_thing_has_no_thread(self, market: Market) -> None:
        report = await make_report(market)
        browser = await browser_of(market, await make_staff(market))
        case = f"/staff/reports/{report.data['id']}"
        page = await browser.open(case)
        assert f"{case}/thread-reading" not in [form.action for form in page.forms]
