"""Hiding on the pages of staff."""

from typing import Any

import pytest

from tests.factories.bookings import make_finished_booking
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, make_user
from tests.hiding import GROUNDS
from tests.staff import STAFF, make_staff

REASON = GROUNDS["reason"]
KINDS = (
    *("cleaning", "package", "offer", "evaluation", "question", "answer"),
    *("package_question", "package_answer"),
)


async def page_of(market: Market, kind: str) -> str:
    """The path of a thing that can be hidden, among the pages."""
    if kind == "package":
        return (await make_package(market)).path
    if kind == "cleaning":
        return job_path((await make_cleaning(market)).path)
    if kind == "offer":
        return job_path((await make_offer(market)).path)
    if kind == "evaluation":
        booking = await make_finished_booking(market)
        said = await make_evaluation(market, booking)
        _, _, job_id, _, booking_id = booking.path.split("/")
        return f"/bookings/{job_id}/{booking_id}/evaluations/{said['id']}"
    if kind in {"question", "answer"}:
        answer = await make_answer(market)
    else:
        answer = await make_answer(market, await make_question(market, await make_package(market)))
    return job_path(answer.path if kind.endswith("answer") else answer.question.path)


def job_path(path: str) -> str:
    """The path of a page about a job."""
    return path.replace("/cleanings/", "/jobs/")


async def last_entry(market: Market, action: str) -> dict[str, Any]:
    """The newest entry of an act in the audit."""
    entries = await (await make_staff(market)).items("/admin/audit", action=action)
    entry: dict[str, Any] = entries[0]
    return entry


class TestEachKind:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_hidden_with_grounds_and_shown_again_from_the_audit(
        self, market: Market, kind: str
    ) -> None:
        path = await page_of(market, kind)
        browser = await browser_of(market, await make_staff(market))
        question = await browser.open(f"{path}/hiding?next=/staff/audit")
        page = await browser.send(question, f"{path}/hiding", 422, reason="")
        assert set(page.problems) == {"reason"}
        assert ("rule", "terms") in page.form(f"{path}/hiding").fields
        page = await browser.send(page, f"{path}/hiding", reason=REASON, rule="spam")
        assert page.path == "/staff/audit"
        assert "It is hidden." in page.text
        details = (await last_entry(market, f"{kind}_hidden"))["details"]
        assert (details["reason"], details["rule"]) == (REASON, "spam")
        showing = f"{path}/showing"
        assert f"{showing}?next=/staff/audit" in page.links
        question = await browser.open(f"{showing}?next=/staff/audit")
        page = await browser.send(question, showing)
        assert "It is shown again." in page.text
        assert "reason" not in (await last_entry(market, f"{kind}_shown"))["details"]

    @pytest.mark.parametrize("kind", KINDS)
    async def test_that_is_not_there_is_not_found(self, market: Market, kind: str) -> None:
        path = await page_of(market, kind)
        nowhere = f"{path[:-12]}{0:012}/hiding"
        browser = await browser_of(market, await make_staff(market))
        question = await browser.open(nowhere)
        await browser.send(question, nowhere, 404, reason=REASON)


class TestAJob:
    async def test_that_is_hidden_is_gone_for_visitors(self, market: Market) -> None:
        job = await make_cleaning(market)
        path = job_path(job.path)
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(path)
        assert f"{path}/hiding?next=/jobs" in page.links
        await browser.send(await browser.open(f"{path}/hiding"), f"{path}/hiding", reason=REASON)
        await Browser(market).open(path, 404)

    async def test_has_no_staff_bar_for_others(self, market: Market) -> None:
        job = await make_cleaning(market)
        for actor in (None, job.owner, await make_user(market)):
            page = await (await browser_of(market, actor)).open(job_path(job.path))
            assert not [link for link in page.links if "/hiding" in link]

    async def test_of_another_member_of_staff_is_refused(self, market: Market) -> None:
        job = await make_cleaning(market, await make_user(market, role=STAFF))
        browser = await browser_of(market, await make_staff(market))
        path = f"{job_path(job.path)}/hiding"
        page = await browser.send(await browser.open(path), path, 403, reason=REASON)
        assert "Staff may act on users" in page.text
        assert ("reason", REASON) in page.form(path).fields


class TestAPackage:
    async def test_has_a_staff_bar_for_staff_only(self, market: Market) -> None:
        package = await make_package(market)
        link = f"{package.path}/hiding?next=/packages"
        for actor, is_staff in (
            (await make_staff(market), True),
            (package.seller, False),
            (await make_user(market), False),
            (None, False),
        ):
            page = await (await browser_of(market, actor)).open(package.path)
            assert (link in page.links) == is_staff


class TestAReview:
    async def test_is_hidden_from_the_profile_that_it_stands_on(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        said = await make_evaluation(market, booking, headline="Spotless")
        _, _, job_id, _, booking_id = booking.path.split("/")
        path = f"/bookings/{job_id}/{booking_id}/evaluations/{said['id']}/hiding"
        profile = f"/people/{booking.cleaner.username}"
        member = await browser_of(market, await make_user(market))
        assert not [link for link in (await member.open(profile)).links if "/hiding" in link]
        browser = await browser_of(market, await make_staff(market))
        assert f"{path}?next={profile}" in (await browser.open(profile)).links
        question = await browser.open(f"{path}?next={profile}")
        page = await browser.send(question, path, reason=REASON)
        assert page.path == profile
        assert "Spotless" not in page.text


class TestAnOffer:
    async def test_for_a_job_of_staff_has_a_staff_bar(self, market: Market) -> None:
        job = await make_cleaning(market, await make_staff(market))
        offer = await make_offer(market, job)
        page = await (await browser_of(market, job.owner)).open(job_path(job.path))
        assert f"{job_path(offer.path)}/hiding?next={job_path(job.path)}" in page.links


class TestTheWayBack:
    async def test_leads_to_no_other_site(self, market: Market) -> None:
        path = await page_of(market, "cleaning")
        browser = await browser_of(market, await make_staff(market))
        question = await browser.open(f"{path}/hiding?next=//evil.example")
        page = await browser.send(question, f"{path}/hiding", reason=REASON)
        assert page.path == "/jobs"
