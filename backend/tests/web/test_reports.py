"""Reports and decisions on pages."""

from tests.factories.browsers import browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.messages import make_message
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.reports import BROKEN, decide, make_report
from tests.factories.uploads import make_photo, set_photos
from tests.factories.users import Market, make_user
from tests.staff import make_staff

NEW, OWN = "/report", "/account/reports"


class TestReporting:
    async def test_by_the_page_of_the_thing(self, market: Market) -> None:
        job, user = await make_cleaning(market), await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open(page_of(job))
        (link,) = [it for it in page.links if it.startswith(NEW)]
        page = await browser.open(link)
        page = await browser.send(page, NEW, kind="fraud", words="Asks for money.")
        assert page.path == OWN
        assert "Asks for money." in page.text
        (report,) = await user.items("/reports")
        assert report["path"] == job.path
        page = await browser.send(
            await browser.open(link), NEW, 409, kind="fraud", words="It asks again."
        )
        assert "It asks again." in page.response.text

    async def test_says_what_is_missing(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(f"{NEW}?about={page_of(job)}")
        page = await browser.send(page, NEW, 422, kind="", words="")
        assert set(page.problems) == {"kind", "words"}

    async def test_is_offered_for_all_that_others_show(self, market: Market) -> None:
        job, message = await make_cleaning(market), await make_message(market)
        answer = await make_answer(market, await make_question(market, job))
        photo = await make_photo(market, answer.author)
        await set_photos(answer.author, job.path, photo["id"])
        package = await make_package(market)
        evaluation = await make_evaluation(market)
        rated = evaluation["subject"]["username"]
        asker = await browser_of(market, answer.question.asker)
        other = await browser_of(market, message.offer.job.owner)
        thread = f"/messages/{message.offer.job.data['id']}/{message.sender.id}"
        shown = [
            *(await asker.open(page_of(job))).links,
            *(await asker.open(package.path)).links,
            *(await asker.open(f"/people/{rated}")).links,
            *(await other.open(thread)).links,
            *(await other.open(page_of(message.offer.job))).links,
        ]
        links = [it for it in shown if it.startswith(NEW)]
        assert len(links) == len(set(links)) == 8
        for link in links:
            browser = other if "messages" in link or "offers" in link else asker
            await browser.open(link)

    async def test_of_nothing(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        for query in ("", "?about=/jobs", "?about=/staff"):
            await browser.open(f"{NEW}{query}", 404)


class TestTheQueue:
    async def test_leads_to_a_decision(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        browser = await browser_of(market, staff)
        page = await browser.open("/staff/reports?kind=fraud")
        case = f"/staff/reports/{report.data['id']}"
        assert case in page.links
        page = await browser.send(await browser.open(case), f"{case}/taking")
        page = await browser.send(page, f"{case}/release")
        page = await browser.open(case)
        page = await browser.send(page, f"{case}/decision", 422, measure="hide", facts="Fraud")
        assert "rule that was broken" in page.text
        page = await browser.send(page, f"{case}/decision", measure="hide", **BROKEN)
        assert BROKEN["facts"] in page.text
        assert f"{case}/decision" not in [form.action for form in page.forms]


class TestADecision:
    async def test_can_be_appealed_against_by_its_page(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "hide")
        browser = await browser_of(market, report.author)
        path = f"/decisions/{decision['id']}"
        assert path in (await browser.open("/decisions")).links
        page = await browser.open(path)
        assert BROKEN["facts"] in page.text
        page = await browser.send(page, f"{path}/appeal", words="The law allows a deposit.")
        assert "The law allows a deposit." in page.text
        reporter = await browser_of(market, report.reporter)
        page = await reporter.open(OWN)
        assert BROKEN["facts"] in page.text
        assert "The law allows a deposit." not in page.text
