"""Reports: made by users about what they see, taken by staff."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.db.models.fields import now
from app.db.repositories.housekeeping import HousekeepingRepository
from tests.factories.bookings import make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.messages import make_message
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.reports import decide, make_report
from tests.factories.uploads import make_photo, set_photos
from tests.factories.users import Actor, Market, make_user
from tests.staff import audited, make_staff

DRAFT = {"kind": "fraud", "words": "Asks for money in advance."}


async def job(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_cleaning(market, name="Pay me first")
    return made.path, made.owner, await make_user(market), "Pay me first"


async def offer(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_offer(market, message="Pay me first")
    return made.path, made.cleaner, made.job.owner, "Pay me first"


async def message(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_message(market, text="Pay me first")
    return made.path, made.sender, made.offer.job.owner, "Pay me first"


async def question(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_question(market, text="Pay me first?")
    return made.path, made.asker, made.owner, "Pay me first?"


async def answer(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_answer(market, text="Pay me first")
    return made.path, made.author, made.question.asker, "Pay me first"


async def package_question(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_question(market, await make_package(market), text="Pay me first?")
    return made.path, made.asker, made.owner, "Pay me first?"


async def package_answer(market: Market) -> tuple[str, Actor, Actor, str]:
    asked = await make_question(market, await make_package(market))
    made = await make_answer(market, asked, text="Pay me first")
    return made.path, made.author, asked.asker, "Pay me first"


async def package(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_package(market, name="Pay me first")
    return made.path, made.seller, await make_user(market), "Pay me first"


async def evaluation(market: Market) -> tuple[str, Actor, Actor, str]:
    booking = await make_finished_booking(market)
    made = await make_evaluation(market, booking, comment="Never paid me")
    path = f"{booking.path}/evaluations/{made['id']}"
    return path, booking.owner, booking.cleaner, "Never paid me"


async def profile(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_user(market)
    await made.patch("/profiles/me", {"bio": "Pay me first"})
    return f"/profiles/{made.id}", made, await make_user(market), "Pay me first"


async def photo(market: Market) -> tuple[str, Actor, Actor, str]:
    made = await make_cleaning(market)
    upload = await make_photo(market, made.owner)
    await set_photos(made.owner, made.path, upload["id"])
    return f"/uploads/{upload['id']}", made.owner, await make_user(market), upload["photo"]["url"]


THINGS = (
    *(job, offer, message, question, answer, package_question, package_answer),
    *(package, evaluation, profile, photo),
)


class TestReporting:
    @pytest.mark.parametrize("thing", THINGS)
    async def test_copies_the_thing_for_staff(self, market: Market, thing: object) -> None:
        path, author, reporter, said = await thing(market)  # type: ignore[operator]
        report = await make_report(market, path, author, reporter)
        assert (report.data["status"], report.data["path"]) == ("waiting", path)
        shown = (await (await make_staff(market)).get(report.for_staff)).json()
        assert said in shown["content"].values()
        assert (shown["author"]["id"], shown["reporter"]["id"]) == (
            str(author.id),
            str(reporter.id),
        )

    @pytest.mark.parametrize("thing", [offer, message])
    async def test_what_one_does_not_see(self, market: Market, thing: object) -> None:
        path, *_ = await thing(market)  # type: ignore[operator]
        response = await (await make_user(market)).post("/reports", {"path": path, **DRAFT})
        assert (response.status_code, response.json()["code"]) == (404, "reported_not_found")

    async def test_twice(self, market: Market) -> None:
        report = await make_report(market)
        again = {"path": report.data["path"], **DRAFT}
        response = await report.reporter.post("/reports", again)
        assert (response.status_code, response.json()["code"]) == (409, "reported_before")

    async def test_ones_own(self, market: Market) -> None:
        made = await make_cleaning(market)
        response = await made.owner.post("/reports", {"path": made.path, **DRAFT})
        assert (response.status_code, response.json()["code"]) == (409, "own_content")

    async def test_is_limited_per_account(self, market: Market) -> None:
        market.set_limit("reports_per_account", 1)
        report = await make_report(market)
        response = await report.reporter.post(
            "/reports", {"path": (await make_cleaning(market)).path, **DRAFT}
        )
        assert response.status_code == 429

    async def test_is_not_shown_to_the_author(self, market: Market) -> None:
        report = await make_report(market)
        assert (await report.author.get(report.path)).status_code == 404
        assert await report.author.items("/reports") == []
        assert await report.author.items("/decisions") == []

    async def test_is_not_shown_to_the_author_among_staff(self, market: Market) -> None:
        staff = await make_staff(market)
        report = await make_report(market, f"/profiles/{staff.id}", staff)
        response = await staff.get(report.for_staff)
        assert (response.status_code, response.json()["code"]) == (409, "involved_in_report")

    async def test_is_not_exported_to_the_author(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await staff.get(report.for_staff)
        await staff.put(f"{report.for_staff}/taker", None)
        await decide(market, report, "none", staff)
        exported = (await report.author.get("/users/me/export")).json()
        assert [it["action"] for it in exported["audit"] if "report" in it["action"]] == []


class TestTheQueue:
    async def test_begins_with_the_oldest_report(self, market: Market) -> None:
        reports = [await make_report(market, kind=kind) for kind in ("spam", "fraud", "spam")]
        staff = await make_staff(market)
        found = await staff.items("/admin/reports", kind="spam", limit=1)
        assert [it["id"] for it in found] == [reports[0].data["id"], reports[2].data["id"]]

    async def test_has_reports_in_a_state(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await staff.put(f"{report.for_staff}/taker", None)
        assert await staff.items("/admin/reports") == []
        (found,) = await staff.items("/admin/reports", status="taken")
        assert found["taker_id"] == str(staff.id)


class TestTaking:
    async def test_keeps_others_from_it(self, market: Market) -> None:
        report, (staff, other) = (
            await make_report(market),
            [await make_staff(market) for _ in range(2)],
        )
        paths = f"{report.for_staff}/taker", f"{report.for_staff}/decision"
        for _ in range(2):
            assert (await staff.put(paths[0], None)).status_code == 204
        decision = {"measure": "none", "facts": "A deposit."}
        for response in (await other.put(paths[0], None), await other.post(paths[1], decision)):
            assert (response.status_code, response.json()["code"]) == (409, "report_taken")
        assert (await other.delete(paths[0])).status_code == 204
        assert (await other.put(paths[0], None)).status_code == 204

    async def test_is_no_matter_for_its_sides(self, market: Market) -> None:
        staff = await make_staff(market)
        made = await make_report(market, reporter=staff)
        about = await make_report(market, f"/profiles/{staff.id}", staff)
        for report in (made, about):
            response = await staff.put(f"{report.for_staff}/taker", None)
            assert (response.status_code, response.json()["code"]) == (409, "involved_in_report")

    async def test_is_audited(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        await staff.get(report.for_staff)
        await staff.put(f"{report.for_staff}/taker", None)
        await staff.delete(f"{report.for_staff}/taker")
        acts = [(action, actor) for action, actor, _ in await audited(staff, report.author)]
        assert acts == [(f"report_{act}", staff.username) for act in ("released", "taken", "read")]


class TestExpiry:
    async def test_erases_the_copy_and_the_words_90_days_after_the_decision(
        self, market: Market
    ) -> None:
        old, late = [await make_report(market) for _ in range(2)]
        for report in (old, late):
            await decide(market, report, "none")
        database = market.app.state.database
        await database.fetch(
            "UPDATE reports SET decided_at = $2 WHERE id = $1",
            [UUID(old.data["id"]), now() - timedelta(days=90)],
        )
        async with database.write() as transaction:
            assert await HousekeepingRepository(transaction).delete_expired() == 1
        staff = await make_staff(market)
        shown = [(await staff.get(report.for_staff)).json() for report in (old, late)]
        assert [(it["content"] is None, it["words"] is None) for it in shown] == [
            (True, True),
            (False, False),
        ]
