"""Decisions about reports: measures, statements of reasons, and appeals."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.services.decisions import appeal_token
from tests.factories.browsers import Browser
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message
from tests.factories.notifications import notifications, notify
from tests.factories.reports import BROKEN, MadeReport, decide, make_report
from tests.factories.uploads import make_photo, set_photos
from tests.factories.users import Actor, Market
from tests.hiding import hide, show
from tests.invariants import assert_invariants
from tests.staff import act, audited, make_staff

WORDS = {"words": "The law allows a deposit."}


async def appeal(actor: Actor, decision: dict[str, Any]) -> Any:
    return await actor.post(f"/decisions/{decision['id']}/appeal", WORDS)


async def visible(report: MadeReport) -> bool:
    """Whether the reporter sees the reported thing."""
    return (await report.reporter.get(report.data["path"])).is_success


async def told(actor: Actor) -> list[str]:
    """What a user is told, oldest first."""
    return [it["kind"] for it in await notifications(actor)]


async def block_on_appeal(market: Market, report: MadeReport) -> None:
    """Blocks the author of a reported thing by a decision, against which they appeal."""
    decision = await decide(market, report, "block")
    database = market.app.state.database
    await database.fetch(
        "INSERT INTO appeals SELECT $1, author_id, 'A deposit', now() FROM reports",
        [UUID(decision["id"])],
    )
    await database.fetch("UPDATE reports SET status = 'waiting', decided_at = NULL", ())


async def appeal_by_link(market: Market, decision: dict[str, Any]) -> None:
    """Appeals as an author does who can't log in."""
    token = appeal_token(market.safeguards.keyring, UUID(decision["id"]))
    browser = Browser(market)
    await browser.send(await browser.open("/appeal"), "/appeal", token=token, words=WORDS["words"])


class TestDeciding:
    async def test_to_hide_a_job_tells_both_sides_the_reasons(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "hide")
        assert not await visible(report)
        assert (await report.reporter.get(report.path)).json()["status"] == "decided"
        shown = [
            (await actor.get(f"/decisions/{decision['id']}")).json()
            for actor in (report.reporter, report.author)
        ]
        for statement in shown:
            reasons = {name: statement[name] for name in ("measure", "rule", "facts", "automated")}
            assert reasons == {"measure": "hide", "automated": False, **BROKEN}
        assert [it["appeal_until"] is None for it in shown] == [True, False]
        await notify(market)
        assert await told(report.reporter) == ["report_decided"]
        assert await told(report.author) == ["content_decided"]
        await assert_invariants(market.app)

    async def test_to_block_an_account(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await decide(market, report, "block", staff)
        assert (await report.author.get("/users/me")).status_code == 401
        acts = {action for action, _, _ in await audited(staff, report.author)}
        assert acts == {"blocked", "report_decided"}

    async def test_to_do_nothing_is_not_told_to_the_author(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "none")
        assert await visible(report)
        assert (await report.author.get(f"/decisions/{decision['id']}")).status_code == 404
        assert await report.author.items("/decisions") == []
        await notify(market)
        assert await notifications(report.author) == []

    async def test_to_hide_a_message_is_not_possible(self, market: Market) -> None:
        message, staff = await make_message(market), await make_staff(market)
        report = await make_report(market, message.path, message.sender, message.offer.job.owner)
        body = {"measure": "hide", **BROKEN}
        response = await staff.post(f"{report.for_staff}/decision", body)
        assert (response.status_code, response.json()["code"]) == (409, "measure_not_possible")
        await decide(market, report, "warn", staff)
        (decision,) = await message.sender.items("/decisions")
        assert decision["measure"] == "warn"

    async def test_needs_a_rule_and_for_illegal_content_a_law(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        path, warning = f"{report.for_staff}/decision", {"measure": "warn", "facts": "Spam"}
        for body in (
            warning,
            {**warning, "rule": "illegal"},
            {**warning, "measure": "none"} | BROKEN,
        ):
            assert (await staff.post(path, body)).status_code == 422
        illegal = {**warning, "rule": "illegal", "law": "Section 263 of the Criminal Code"}
        assert (await staff.post(path, illegal)).status_code == 200

    async def test_about_staff_is_for_superusers(self, market: Market) -> None:
        report = await make_report(market, author=await make_staff(market))
        staff = await make_staff(market)
        response = await staff.post(f"{report.for_staff}/decision", {"measure": "warn", **BROKEN})
        assert (response.status_code, response.json()["code"]) == (403, "rank_too_low")

    async def test_twice(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await decide(market, report, "none", staff)
        response = await staff.post(f"{report.for_staff}/decision", {"measure": "warn", **BROKEN})
        assert (response.status_code, response.json()["code"]) == (409, "report_decided")


class TestAppealing:
    async def test_has_another_member_of_staff_lift_the_measure(self, market: Market) -> None:
        report, (staff, other) = (
            await make_report(market),
            [await make_staff(market) for _ in range(2)],
        )
        response = await appeal(report.author, await decide(market, report, "hide", staff))
        assert response.json()["appeal"]["words"] == WORDS["words"]
        again = await staff.put(f"{report.for_staff}/taker", None)
        assert (again.status_code, again.json()["code"]) == (409, "involved_in_report")
        (waiting,) = await other.items("/admin/reports")
        assert waiting["appealed"]
        second = await decide(market, report, "none", other)
        assert await visible(report)
        shown = (await report.author.get(f"/decisions/{second['id']}")).json()
        assert (shown["number"], shown["measure"]) == (2, "none")
        final = await appeal(report.author, second)
        assert (final.status_code, final.json()["code"]) == (403, "not_appellant")

    async def test_of_a_blocked_account_is_decided_by_unblocking(self, market: Market) -> None:
        report = await make_report(market)
        await block_on_appeal(market, report)
        await decide(market, report, "warn")
        assert (await report.author.get("/users/me")).status_code == 200
        await notify(market)
        assert await told(report.author) == ["content_decided"] * 2
        await assert_invariants(market.app)

    async def test_upholds_a_measure_that_was_lifted_meanwhile(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await appeal(report.author, await decide(market, report, "hide"))
        await show(staff, report.data["path"])
        assert await visible(report)
        await decide(market, report, "hide", staff)
        assert not await visible(report)
        await assert_invariants(market.app)

    async def test_upholds_a_block_that_was_lifted_meanwhile(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await block_on_appeal(market, report)
        await act(staff, report.author, "unblock")
        await decide(market, report, "block", staff)
        assert (await report.author.get("/users/me")).status_code == 401

    async def test_upholds_the_hiding_of_a_thing_that_is_gone(self, market: Market) -> None:
        report = await make_report(market)
        await appeal(report.author, await decide(market, report, "hide"))
        assert (await report.author.delete(report.data["path"])).status_code == 204
        assert (await decide(market, report, "hide"))["number"] == 2

    @pytest.mark.parametrize("moment", ["before", "after"])
    async def test_leaves_a_block_that_was_made_for_another_reason(
        self, market: Market, moment: str
    ) -> None:
        report, staff = await make_report(market), await make_staff(market)
        if moment == "before":
            await act(staff, report.author, "block")
        await block_on_appeal(market, report)
        if moment == "after":
            await act(staff, report.author, "unblock")
            await act(staff, report.author, "block")
        await decide(market, report, "none")
        assert (await report.author.get("/users/me")).status_code == 401

    @pytest.mark.parametrize("of_photo", [False, True])
    @pytest.mark.parametrize("moment", ["before", "after"])
    async def test_leaves_hiding_that_was_made_for_another_reason(
        self, market: Market, moment: str, *, of_photo: bool
    ) -> None:
        job, staff = await make_cleaning(market), await make_staff(market)
        upload = await make_photo(market, job.owner)
        await set_photos(job.owner, job.path, upload["id"])
        path = f"/uploads/{upload['id']}" if of_photo else job.path
        report = await make_report(market, path, job.owner)
        if moment == "before":
            await hide(staff, path)
        await appeal(job.owner, await decide(market, report, "hide"))
        if moment == "after":
            await show(staff, path)
            await hide(staff, path)
        await decide(market, report, "none")
        shown = await report.reporter.get(job.path)
        assert not (shown.is_success and shown.json()["photos"])

    async def test_leaves_hiding_that_another_decision_has_made_since(self, market: Market) -> None:
        job, staff = await make_cleaning(market), await make_staff(market)
        report, later = [await make_report(market, job.path, job.owner) for _ in range(2)]
        await appeal(job.owner, await decide(market, report, "hide"))
        await show(staff, job.path)
        await appeal(job.owner, await decide(market, later, "hide"))
        await decide(market, report, "none")
        assert not await visible(report)
        await decide(market, later, "none")
        assert await visible(report)

    @pytest.mark.parametrize("measure", ["hide", "block"])
    async def test_leaves_a_measure_until_no_report_needs_it(
        self, market: Market, measure: str
    ) -> None:
        job = await make_cleaning(market)
        reports = [await make_report(market, job.path, job.owner) for _ in range(2)]
        for report in reports:
            await appeal_by_link(market, await decide(market, report, measure))
        for report, status in zip(reports, (404, 200), strict=True):
            await decide(market, report, "none")
            assert (await report.reporter.get(job.path)).status_code == status

    async def test_lifts_a_block_though_staff_has_lifted_an_earlier_one(
        self, market: Market
    ) -> None:
        job, staff = await make_cleaning(market), await make_staff(market)
        before, report = [await make_report(market, job.path, job.owner) for _ in range(2)]
        await decide(market, before, "block")
        await act(staff, job.owner, "unblock")
        await appeal_by_link(market, await decide(market, report, "block"))
        await decide(market, report, "none")
        assert (await job.owner.get("/users/me")).status_code == 200

    @pytest.mark.parametrize("of_photo", [False, True])
    async def test_lifts_hiding_though_staff_has_lifted_an_earlier_one(
        self, market: Market, *, of_photo: bool
    ) -> None:
        job, staff = await make_cleaning(market), await make_staff(market)
        upload = await make_photo(market, job.owner)
        await set_photos(job.owner, job.path, upload["id"])
        path = f"/uploads/{upload['id']}" if of_photo else job.path
        before, report = [await make_report(market, path, job.owner) for _ in range(2)]
        await decide(market, before, "hide")
        await show(staff, path)
        await appeal(job.owner, await decide(market, report, "hide"))
        await decide(market, report, "none")
        assert len((await report.reporter.get(job.path)).json()["photos"]) == 1

    async def test_against_no_measure_is_for_the_reporter(self, market: Market) -> None:
        report = await make_report(market)
        response = await appeal(report.reporter, await decide(market, report, "none"))
        assert response.status_code == 200
        await decide(market, report, "hide")
        assert not await visible(report)

    async def test_against_a_measure_is_not_for_the_reporter(self, market: Market) -> None:
        report = await make_report(market)
        response = await appeal(report.reporter, await decide(market, report, "hide"))
        assert (response.status_code, response.json()["code"]) == (403, "not_appellant")

    async def test_twice(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "hide")
        first, second = [await appeal(report.author, decision) for _ in range(2)]
        assert first.status_code == 200
        assert (second.status_code, second.json()["code"]) == (409, "already_appealed")

    async def test_too_late(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "hide")
        await market.app.state.database.fetch(
            "UPDATE decisions SET made_at = made_at - $1::interval", [timedelta(days=15)]
        )
        response = await appeal(report.author, decision)
        assert (response.status_code, response.json()["code"]) == (409, "decision_final")
        shown = (await report.author.get(f"/decisions/{decision['id']}")).json()
        assert shown["appeal_until"] is None

    async def test_does_not_show_its_words_to_the_other_side(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "hide")
        await appeal(report.author, decision)
        shown = (await report.reporter.get(f"/decisions/{decision['id']}")).json()
        assert shown["appeal"]["words"] is None
