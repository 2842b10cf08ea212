"""Reports and decisions on pages."""

from app.db.models.decisions import REDRESS
from tests.audit import audited
from tests.factories.bookings import make_finished_booking
from tests.factories.browsers import browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.messages import make_message
from tests.factories.notifications import notify
from tests.factories.orders import make_order
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.reports import BROKEN, decide, make_report
from tests.factories.uploads import make_photo, set_photos
from tests.factories.users import Market, make_user
from tests.staff import make_staff

NEW, OWN = "/report", "/account/reports"
LOOK = ("report_read", None)


class TestReporting:
    async def test_by_the_page_of_the_thing(self, market: Market) -> None:
        job, user = await make_cleaning(market), await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.open(page_of(job))
        (link,) = [it for it in page.links if it.startswith(NEW)]
        page = await browser.open(link)
        form = dict(page.form(NEW).fields) | {"kind": "fraud", "words": "Asks for money."}
        for _ in range(2):  # a double click
            response = await browser.client.post(NEW, data=form)
            assert response.headers["Location"] == OWN
        page = await browser.open(OWN)
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

    async def test_is_offered_to_both_sides_of_a_booking_and_of_an_order(
        self, market: Market
    ) -> None:
        booking, order = await make_finished_booking(market), await make_order(market)
        review = await make_evaluation(market, booking)
        cleaner = await browser_of(market, booking.cleaner)
        place = f"/bookings/{review['cleaning_id']}/{review['booking_id']}"
        page = await cleaner.open(place)
        links = [f"/profiles/{booking.owner.id}", f"{place}/evaluations/{review['id']}"]
        assert {it for it in page.links if it.startswith(NEW)} == {
            f"{NEW}?about={it}" for it in links
        }
        assert f"/people/{booking.owner.username}/block" in page.links
        for link in links:
            await cleaner.open(f"{NEW}?about={link}")
        for side, other in (
            (order.customer, order.cleaner),
            (order.cleaner, order.customer),
        ):
            page = await (await browser_of(market, side)).open(order.path)
            assert f"{NEW}?about=/profiles/{other.id}" in page.links
            assert f"/people/{other.username}/block" in page.links

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

    async def test_names_things_by_nouns_in_other_languages(self, market: Market) -> None:
        answer = await make_answer(market)
        report = await make_report(market, answer.path, answer.author)
        browser = await browser_of(market, await make_staff(market))
        browser.client.headers["Accept-Language"] = "de"
        page = await browser.open(f"/staff/reports/{report.data['id']}")
        assert "Die Meldung" in page.text
        assert "Antwort: " in page.text

    async def test_offers_no_measure_that_is_not_possible(self, market: Market) -> None:
        author, staff = await make_user(market), await make_staff(market)
        report = await make_report(market, f"/profiles/{author.id}", author)
        page = await (await browser_of(market, staff)).open(f"/staff/reports/{report.data['id']}")
        assert 'value="block"' in page.response.text
        assert 'value="hide"' not in page.response.text

    async def test_records_each_look_at_a_case(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        browser = await browser_of(market, staff)
        case = f"/staff/reports/{report.data['id']}"
        page = await browser.send(await browser.open(case), f"{case}/taking")
        looks = (await audited(market, report.author.id)).count(LOOK)
        await browser.send(page, f"{case}/decision", 422)
        assert (await audited(market, report.author.id)).count(LOOK) == looks + 1


class TestTheCopy:
    async def test_names_each_part(self, market: Market) -> None:
        job = await make_cleaning(market, name="Pay me first", price="45.00", area="Mitte")
        report = await make_report(market, job.path, job.owner)
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(f"/staff/reports/{report.data['id']}")
        for part in ("Title Pay me first", "Price 45.00", "Area Mitte"):
            assert part in page.text

    async def test_of_a_photo_leads_to_it(self, market: Market) -> None:
        job = await make_cleaning(market)
        photo = await make_photo(market, job.owner)
        await set_photos(job.owner, job.path, photo["id"])
        report = await make_report(market, f"/uploads/{photo['id']}", job.owner)
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(f"/staff/reports/{report.data['id']}")
        assert photo["photo"]["url"] in page.links


class TestADecision:
    async def test_can_be_appealed_against_by_its_page(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "hide")
        browser = await browser_of(market, report.author)
        path = f"/decisions/{decision['id']}"
        assert path in (await browser.open("/decisions")).links
        page = await browser.open(path)
        assert BROKEN["facts"] in page.text
        assert REDRESS in page.text
        assert "until it is lifted" in page.text
        page = await browser.send(page, f"{path}/appeal", words="The law allows a deposit.")
        assert "The law allows a deposit." in page.text
        reporter = await browser_of(market, report.reporter)
        page = await reporter.open(OWN)
        assert BROKEN["facts"] in page.text
        assert REDRESS in page.text
        assert "The law allows a deposit." not in page.text


class TestWhatADecisionIsAbout:
    async def test_is_named_as_far_as_each_side_sees_it_now(self, market: Market) -> None:
        job = await make_cleaning(market, name="Pay me first")
        question = await make_question(market, job, text="Do you pay in cash?")
        about_job = await make_report(market, job.path, job.owner)
        about_question = await make_report(
            market, question.path, question.asker, about_job.reporter
        )
        staff = await make_staff(market)
        desk = await browser_of(market, staff)
        case = await desk.open(f"/staff/reports/{about_job.data['id']}")
        assert page_of(job) in case.links
        await decide(market, about_question, "hide", staff)
        asker, reporter = [
            await browser_of(market, it) for it in (question.asker, about_job.reporter)
        ]
        own, told = f"{page_of(job)}/questions", "Question · Pay me first"
        (decision,) = await question.asker.items("/decisions")
        page = await asker.open(f"/decisions/{decision['id']}")
        assert own in page.links
        assert "Do you pay in cash?" in page.text
        page = await reporter.open(f"/decisions/{decision['id']}")
        assert own in page.links
        assert "Do you pay in cash?" not in page.text
        await notify(market)
        for browser in (asker, reporter):
            assert told in (await browser.open("/notifications")).text
        await decide(market, about_job, "hide", staff)
        page = await reporter.open(OWN)
        assert "Pay me first" not in page.text
        assert page_of(job) not in page.links
        owner = await browser_of(market, job.owner)
        (decision,) = await job.owner.items("/decisions")
        assert page_of(job) in (await owner.open(f"/decisions/{decision['id']}")).links
        assert "Pay me first" in (await owner.open("/decisions")).text
