"""Notices by persons without an account, on pages."""

from typing import Any
from uuid import uuid4

import pytest

from tests.factories.browsers import Browser, browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.public_notices import NOTICE
from tests.factories.questions import make_question
from tests.factories.users import Market
from tests.mail import deliver
from tests.races import race
from tests.staff import make_staff

NEW = "/notice"
ENTERED: dict[str, Any] = {**NOTICE, "good_faith": "true"}


class TestGivingNotice:
    async def test_by_the_page_of_the_thing(self, market: Market) -> None:
        job, browser = await make_cleaning(market), Browser(market)
        page = await browser.open(page_of(job))
        assert NEW in page.links
        (link,) = [it for it in page.links if it.startswith(f"{NEW}?")]
        page = await browser.send(await browser.open(link), NEW, **ENTERED)
        staff = await browser_of(market, await make_staff(market))
        queue = await staff.open("/staff/reports")
        assert "Notice" in queue.text
        (case,) = [it for it in queue.links if it.startswith("/staff/reports/")]
        shown = await staff.open(case)
        reference = str(page.response.url).rpartition("/")[2]
        for said in (reference, NOTICE["full_name"], NOTICE["email"]):
            assert said in shown.text
        assert reference in page.text
        assert case in (await staff.open(f"/staff/reports?reference={reference}")).links

    async def test_is_offered_to_visitors_for_all_that_they_see(self, market: Market) -> None:
        question = await make_question(market)
        evaluation = await make_evaluation(market)
        rated = evaluation["subject"]["username"]
        await market.app.state.database.fetch("UPDATE profiles SET is_public = true", ())
        browser = Browser(market)
        pages = [f"/jobs/{question.topic.data['id']}", f"/people/{rated}"]
        links = [
            link
            for page in pages
            for link in (await browser.open(page)).links
            if link.startswith(f"{NEW}?")
        ]
        assert len(links) == len(set(links)) == 4
        for number, link in enumerate(links):
            email = f"nora{number}@example.com"
            page = await browser.open(link)
            await browser.send(page, NEW, **ENTERED | {"email": email})

    async def test_is_offered_at_the_login_of_a_report(self, market: Market) -> None:
        job = await make_cleaning(market)
        page = await Browser(market).open(f"/report?about={page_of(job)}")
        assert f"{NEW}?about={page_of(job)}" in page.links

    async def test_says_what_is_missing(self, market: Market) -> None:
        browser = Browser(market)
        page = await browser.send(await browser.open(NEW), NEW, 422)
        assert set(page.problems) == {"location", *NOTICE}

    async def test_of_harm_to_minors_without_a_name(self, market: Market) -> None:
        job, browser = await make_cleaning(market), Browser(market)
        entered = {**ENTERED, "location": job.path, "kind": "minors", "full_name": ""}
        page = await browser.send(await browser.open(NEW), NEW, 422, **entered)
        assert set(page.problems) == {"email"}
        await browser.send(page, NEW, **entered | {"email": ""})
        staff = await browser_of(market, await make_staff(market))
        queue = await staff.open("/staff/reports?kind=minors")
        (case,) = [it for it in queue.links if it.startswith("/staff/reports/")]
        assert "anonymous" in (await staff.open(case)).text

    async def test_twice_gives_it_once(self, market: Market) -> None:
        job, browser = await make_cleaning(market), Browser(market)
        form = await browser.open(NEW)
        for more in ({"kind": "minors", "full_name": "", "email": ""}, {}):
            entered = ENTERED | {"location": job.path, "once": str(uuid4())} | more
            receipts = [await browser.send(form, NEW, **entered) for _ in range(2)]
            assert receipts[0].path == receipts[1].path != NEW
        assert len(await (await make_staff(market)).items("/admin/reports")) == 2
        assert len(await deliver(market)) == 1

    async def test_of_nothing(self, market: Market) -> None:
        browser = Browser(market)
        page = await browser.send(await browser.open(NEW), NEW, 422, **ENTERED, location="/staff")
        assert set(page.problems) == {"location"}
        assert NOTICE["words"] in page.response.text


@pytest.mark.committed
async def test_two_clicks_at_the_same_time_give_one_notice(market: Market) -> None:
    staff = await make_staff(market)
    for attempt in range(4):
        job, browser = await make_cleaning(market), Browser(market)
        unnamed = {"kind": "minors", "full_name": "", "email": ""}
        fields = {**ENTERED, **unnamed, "location": job.path, "once": str(uuid4())}
        clicks = await race(attempt, *(browser.post(NEW, **fields) for _ in range(2)))
        assert {it.status_code for it in clicks} == {303}
        assert len({it.headers["Location"] for it in clicks}) == 1
        assert len(await staff.items("/admin/reports")) == attempt + 1
