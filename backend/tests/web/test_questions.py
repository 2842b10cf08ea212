"""Questions about jobs and packages, and their answers, on pages."""

import pytest

from app.db.models.users import UserRole
from app.web import questions
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.packages import MadePackage, make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.reports import make_report
from tests.factories.users import Market, block, make_user
from tests.hiding import hide
from tests.staff import make_staff

KINDS = ["cleaning", "package"]


async def make_topic(market: Market, kind: str) -> Job | MadePackage:
    """An open job, or a published package."""
    return await (make_cleaning(market) if kind == "cleaning" else make_package(market))


def page_of(path: str) -> str:
    """The path of a page, from that of the API."""
    return path.replace("/cleanings/", "/jobs/")


class TestReading:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_for_visitors_too(self, market: Market, kind: str) -> None:
        question = await make_question(market, await make_topic(market, kind))
        await make_answer(market, question)
        browser = Browser(market)
        for path in ("", "/questions"):
            page = await browser.open(page_of(f"{question.topic.path}{path}"))
            assert "Is there a lift?" in page.text
            assert "Yes, a small one." in page.text
            assert not [it for it in page.links if it.endswith(("/edit", "/answers", "/versions"))]

    @pytest.mark.parametrize("kind", KINDS)
    async def test_shows_none_that_are_hidden_or_of_blocked_people(
        self, market: Market, kind: str
    ) -> None:
        topic, staff = await make_topic(market, kind), await make_user(market, role=UserRole.STAFF)
        hidden = await make_question(market, topic, text="Is it hidden?")
        blocked = await make_question(market, topic, text="Is it blocked?")
        await hide(staff, hidden.path)
        await block(market, blocked.asker)
        for path in ("", "/questions"):
            page = await Browser(market).open(page_of(f"{topic.path}{path}"))
            assert "Is it" not in page.text
        page = await (await browser_of(market, hidden.asker)).open(page_of(topic.path))
        assert "Is it hidden?" in page.text

    @pytest.mark.parametrize("kind", KINDS)
    async def test_leads_staff_to_hiding_them(self, market: Market, kind: str) -> None:
        answer = await make_answer(
            market, await make_question(market, await make_topic(market, kind))
        )
        staff = await browser_of(market, await make_user(market, role=UserRole.STAFF))
        thing = page_of(answer.question.topic.path)
        links = (await staff.open(thing)).links
        for path in (answer.question.path, answer.path):
            assert f"{page_of(path)}/hiding?next={thing}" in links

    async def test_of_a_package_that_is_not_published_is_for_its_seller(
        self, market: Market
    ) -> None:
        question = await make_question(market, await make_package(market))
        await question.owner.post(f"{question.topic.path}/pause")
        path = f"{question.topic.path}/questions"
        await Browser(market).open(path, 404)
        await (await browser_of(market, question.asker)).open(path, 404)
        assert (
            "Is there a lift?" in (await (await browser_of(market, question.owner)).open(path)).text
        )

    async def test_begins_on_the_page_of_the_thing(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(questions, "SHOWN", 1)
        package = await make_package(market)
        first, second = [await make_question(market, package, text=it) for it in ("One?", "Two?")]
        browser = await browser_of(market, package.seller)
        page = await browser.open(package.path)
        assert "One?" in page.text
        assert "Two?" not in page.text
        page = await browser.open(next(it for it in page.links if it.endswith("/questions")))
        assert {f"{first.path}/answers", f"{second.path}/answers"} <= set(page.links)


class TestAsking:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_shows_the_question(self, market: Market, kind: str) -> None:
        topic = await make_topic(market, kind)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(page_of(topic.path))
        action = page_of(f"{topic.path}/questions")
        page = await browser.send(page, action, text="Is there a lift?")
        assert "Your question is online." in page.text
        assert "Is there a lift?" in page.text

    @pytest.mark.parametrize("kind", KINDS)
    async def test_refuses_contact_details_beside_the_field(
        self, market: Market, kind: str
    ) -> None:
        topic = await make_topic(market, kind)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(page_of(topic.path))
        action = page_of(f"{topic.path}/questions")
        page = await browser.send(page, action, 422, text="Write to me@example.com, please.")
        assert page.problems == {"text": "An email address can't be published here."}
        assert ("text", "Write to me@example.com, please.") in page.form(action).fields
        page = await browser.send(page, action, 422, text=" ")
        assert page.problems == {"text": "Required."}

    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_for_others_than_the_owner_who_are_logged_in(
        self, market: Market, kind: str
    ) -> None:
        question = await make_question(market, await make_topic(market, kind))
        action = page_of(f"{question.topic.path}/questions")
        for browser in (Browser(market), await browser_of(market, question.owner)):
            page = await browser.open(page_of(question.topic.path))
            assert action not in [form.action for form in page.forms]
        response = await browser.post(action, text="Is it me?")
        assert response.status_code == 409
        assert "ask yourself" in response.text
        assert (await Browser(market).post(action, text="Who am I?")).status_code == 401

    async def test_is_over_when_the_job_is(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(page_of(job.path))
        await job.owner.post(f"{job.path}/cancellation")
        action = page_of(f"{job.path}/questions")
        page = await browser.send(page, action, 409, text="Is there a lift?")
        assert action not in [form.action for form in page.forms]


class TestAnswering:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_done_by_the_owner_and_the_asker(self, market: Market, kind: str) -> None:
        question = await make_question(market, await make_topic(market, kind))
        action = page_of(f"{question.path}/answers")
        for actor, text in ((question.owner, "A small one."), (question.asker, "Thank you!")):
            browser = await browser_of(market, actor)
            page = await browser.open(page_of(question.topic.path))
            assert action in page.links
            page = await browser.send(await browser.open(action), action, text=text)
            assert "Your answer is online." in page.text
            assert text in page.text

    async def test_of_others_is_refused(self, market: Market) -> None:
        question = await make_question(market)
        browser = await browser_of(market, await make_user(market))
        action = page_of(f"{question.path}/answers")
        assert action not in (await browser.open(page_of(question.topic.path))).links
        page = await browser.send(await browser.open(action), action, 403, text="It is mine.")
        assert "A question is answered by the one who was asked, or by the asker." in page.text
        assert (await Browser(market).open(action)).path.startswith("/login")

    async def test_of_a_deleted_question_says_so(self, market: Market) -> None:
        question = await make_question(market)
        answer = await make_answer(market, question)
        browser = await browser_of(market, question.owner)
        action = page_of(f"{question.path}/answers")
        form = await browser.open(action)
        await question.asker.delete(question.path)
        page = await browser.send(form, action, 409, text="Yes.")
        assert "The question was deleted." in page.text
        page = await browser.open(page_of(question.topic.path))
        assert "This question was deleted." in page.text
        assert answer.data["text"] in page.text


class TestAnOwnQuestion:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_changed_and_keeps_its_versions(self, market: Market, kind: str) -> None:
        question = await make_question(market, await make_topic(market, kind))
        browser = await browser_of(market, question.asker)
        path = page_of(question.path)
        form = await browser.open(f"{path}/edit")
        assert ("text", "Is there a lift?") in form.form(f"{path}/edit").fields
        page = await browser.send(form, f"{path}/edit", 422, text="")
        assert page.problems == {"text": "Required."}
        page = await browser.send(page, f"{path}/edit", text="Is the lift large?")
        assert "Your question is changed." in page.text
        assert f"{path}/versions" in page.links
        page = await browser.open(f"{path}/versions")
        assert "Is there a lift?" in page.text
        assert "Is the lift large?" in page.text

    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_deleted(self, market: Market, kind: str) -> None:
        question = await make_question(market, await make_topic(market, kind))
        browser = await browser_of(market, question.asker)
        path = f"{page_of(question.path)}/deletion"
        page = await browser.send(await browser.open(path), path)
        assert "Your question is deleted." in page.text
        assert "Is there a lift?" not in page.text

    @pytest.mark.parametrize("action", ["edit", "deletion"])
    async def test_is_changed_by_its_author_only(self, market: Market, action: str) -> None:
        question = await make_question(market)
        browser = await browser_of(market, question.owner)
        path = f"{page_of(question.path)}/{action}"
        page = await browser.open(path, 403)
        assert "Only the author of a question or an answer may do this." in page.text
        assert (await browser.post(path, text="Mine.")).status_code == 403
        response = await Browser(market).post(path, text="Mine.")
        assert response.status_code == 401


class TestAnOwnAnswer:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_is_changed_and_deleted(self, market: Market, kind: str) -> None:
        question = await make_question(market, await make_topic(market, kind))
        answer = await make_answer(market, question)
        browser = await browser_of(market, answer.author)
        path = page_of(answer.path)
        page = await browser.send(await browser.open(f"{path}/edit"), f"{path}/edit", text="No.")
        assert "Your answer is changed." in page.text
        assert "Yes, a small one." in (await browser.open(f"{path}/versions")).text
        page = await browser.open(f"{path}/deletion")
        page = await browser.send(page, f"{path}/deletion")
        assert "Your answer is deleted." in page.text
        await browser.open(f"{path}/edit", 404)

    @pytest.mark.parametrize("action", ["edit", "deletion"])
    async def test_is_changed_by_its_author_only(self, market: Market, action: str) -> None:
        answer = await make_answer(market)
        browser = await browser_of(market, answer.question.asker)
        path = f"{page_of(answer.path)}/{action}"
        await browser.open(path, 403)
        assert (await browser.post(path, text="Mine.")).status_code == 403


class TestVersionsForStaff:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_are_found_from_a_report_and_from_the_audit(
        self, market: Market, kind: str
    ) -> None:
        answer = await make_answer(
            market, await make_question(market, await make_topic(market, kind))
        )
        await answer.author.patch(answer.path, {"text": "Certainly not."})
        report, staff = (
            await make_report(market, answer.path, answer.author),
            await make_staff(market),
        )
        await hide(staff, answer.path)
        browser, versions = (
            await browser_of(market, staff),
            f"/staff{page_of(answer.path)}/versions",
        )
        for place in (f"/staff/reports/{report.data['id']}", "/staff/audit"):
            link = f"{versions}?next={place}"
            assert link in (await browser.open(place)).links
            page = await browser.open(link)
            assert "Certainly not." in page.text
            assert "Yes, a small one." in page.text
            assert place in page.links
        entries = await staff.items("/admin/audit", action="versions_read")
        assert [entry["user"]["id"] for entry in entries] == [str(answer.author.id)] * 2

    @pytest.mark.parametrize("kind", KINDS)
    async def test_of_a_deleted_question_are_found_in_its_place(
        self, market: Market, kind: str
    ) -> None:
        question = await make_question(market, await make_topic(market, kind))
        await make_answer(market, question)
        await question.asker.delete(question.path)
        thing = page_of(question.topic.path)
        link = f"/staff{page_of(question.path)}/versions?next={thing}"
        assert link not in (await (await browser_of(market, question.owner)).open(thing)).links
        browser = await browser_of(market, await make_staff(market))
        assert link in (await browser.open(thing)).links
        assert "Is there a lift?" in (await browser.open(link)).text
        await question.asker.delete("/users/me")
        page = await browser.open(link)
        assert "Is there a lift?" not in page.text
        assert "erased" in page.text
