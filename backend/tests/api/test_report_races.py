"""Races about reports: many requests at once, each on a connection of its own."""

import asyncio
from collections import Counter
from itertools import count
from uuid import UUID

import pytest

from app.core.clients import Client
from app.db.models.decisions import AppealCreate, DecisionCreate, Measure
from app.db.models.public_notices import MOST_NEW_NOTICES
from app.db.models.users import User
from app.services.decisions import DecisionService
from tests.factories.bookings import make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.messages import make_message
from tests.factories.public_notices import give_notice
from tests.factories.reports import BROKEN, decide, make_report
from tests.factories.users import Market, make_user
from tests.locks import held, until_waiting
from tests.races import TRIES, outcome, race
from tests.rows import get
from tests.staff import make_staff

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]
FEW_TRIES = TRIES // 5
ACCOUNT = "SELECT FROM users WHERE id = $1"
DRAFT = {"kind": "fraud", "words": "Asks for money in advance."}


class TestReporting:
    async def test_the_same_thing_at_once_happens_once(self, market: Market) -> None:
        job = await make_cleaning(market)
        for attempt in range(FEW_TRIES):
            reporter = await make_user(market)
            body = {"path": job.path, **DRAFT}
            responses = await race(attempt, *(reporter.post("/reports", body) for _ in range(3)))
            assert Counter(outcome(*responses)) == {201: 1, "reported_before": 2}

    async def test_against_the_deletion_of_either_account(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            job, reporter = await make_cleaning(market), await make_user(market)
            responses = await race(
                attempt,
                reporter.post("/reports", {"path": job.path, **DRAFT}),
                (job.owner, reporter)[attempt % 2].delete("/users/me"),
            )
            assert outcome(*responses)[0] in {201, "reported_not_found", "unauthenticated"}
            assert responses[1].status_code == 204  # and the doctor finds nothing that is left


class TestGivingNotice:
    async def test_of_the_same_thing_at_once_happens_once(self, market: Market) -> None:
        staff = await make_staff(market)
        for attempt in range(FEW_TRIES):
            path = (await make_cleaning(market)).path
            responses = await race(attempt, *(give_notice(market, path) for _ in range(3)))
            assert outcome(*responses) == [201] * 3
            (reference,) = {response.json()["reference"] for response in responses}
            (found,) = await staff.items("/admin/reports", reference=reference)
            assert found["path"] == path

    async def test_at_once_exceeds_no_limit_of_a_thing(self, market: Market) -> None:
        path, emails = (await make_cleaning(market)).path, map("nora{}@example.com".format, count())
        for _ in range(MOST_NEW_NOTICES - 1):
            assert (await give_notice(market, path, email=next(emails))).is_success
        notices = (give_notice(market, path, email=next(emails)) for _ in range(3))
        assert Counter(outcome(*await race(0, *notices))) == {201: 1, "enough_notices": 2}


class TestTaking:
    async def test_by_two_members_of_staff_at_once_gives_it_to_one(self, market: Market) -> None:
        staff = [await make_staff(market) for _ in range(2)]
        for attempt in range(FEW_TRIES):
            report = await make_report(market)
            path = f"{report.for_staff}/taker"
            responses = await race(attempt, *(it.put(path, None) for it in staff))
            assert Counter(outcome(*responses)) == {204: 1, "report_taken": 1}

    async def test_against_the_deletion_of_the_author(self, market: Market) -> None:
        staff = await make_staff(market)
        for attempt in range(FEW_TRIES):
            report = await make_report(market)
            responses = await race(
                attempt,
                staff.put(f"{report.for_staff}/taker", None),
                report.author.delete("/users/me"),
            )
            assert outcome(*responses) == [204, 204]


class TestReadingTheThread:
    async def test_against_the_deletion_of_either_side(self, market: Market) -> None:
        staff = await make_staff(market)
        for attempt in range(FEW_TRIES):
            message = await make_message(market)
            sides = message.sender, message.offer.job.owner
            report = await make_report(market, message.path, *sides)
            responses = await race(
                attempt,
                staff.post(f"{report.for_staff}/thread-reading"),
                sides[attempt // 2 % 2].delete("/users/me"),
            )
            assert outcome(*responses) == [201, 204]


class TestDeciding:
    async def test_at_once_happens_once(self, market: Market) -> None:
        staff = [await make_staff(market) for _ in range(2)]
        for attempt in range(FEW_TRIES):
            report = await make_report(market)
            path = f"{report.for_staff}/decision"
            bodies = [{"measure": measure, **BROKEN} for measure in ("hide", "block")]
            responses = await race(
                attempt, *(it.post(path, body) for it, body in zip(staff, bodies, strict=True))
            )
            assert Counter(outcome(*responses)) == {200: 1, "report_decided": 1}
            shown = (await staff[0].get(report.for_staff)).json()
            (decision,) = shown["decisions"]
            is_blocked = (await report.author.get("/users/me")).status_code == 401
            assert is_blocked is (decision["measure"] == "block")

    async def test_against_the_first_decision_and_its_appeal_is_about_the_appeal(
        self, market: Market
    ) -> None:
        report = await make_report(market)
        first, second = [await make_staff(market) for _ in range(2)]
        bearer = market.safeguards.access_tokens.read(first.token)
        async with held(market, ACCOUNT, report.author.id, waiting=1) as transaction:
            deciding = asyncio.create_task(decide(market, report, "none", second))
            await until_waiting(market, 1)
            service = DecisionService(transaction, Client(None, None, "test"))
            hidden = DecisionCreate(measure=Measure.HIDE, **BROKEN)
            decision = await service.decide(bearer, UUID(report.data["id"]), hidden)
            author = await get(transaction, User, report.author.id)
            await service.appeal(author, decision.id, AppealCreate(words="No."))
        assert (await deciding)["number"] == 2
        assert (await report.reporter.get(report.data["path"])).is_success

    async def test_against_the_deletion_of_either_account(self, market: Market) -> None:
        staff = await make_staff(market)
        for attempt in range(FEW_TRIES):
            report = await make_report(market)
            sides = (report.author, report.reporter)
            responses = await race(
                attempt,
                staff.post(f"{report.for_staff}/decision", {"measure": "hide", **BROKEN}),
                sides[attempt % 2].delete("/users/me"),
            )
            assert responses[0].status_code in {200, 404}
            assert responses[1].status_code == 204

    async def test_about_two_evaluations_of_each_other(self, market: Market) -> None:
        staff = [await make_staff(market) for _ in range(2)]
        for attempt in range(FEW_TRIES):
            booking = await make_finished_booking(market)
            sides = (booking.owner, booking.cleaner)
            ids = [(await make_evaluation(market, booking, side))["id"] for side in sides]
            paths = [f"{booking.path}/evaluations/{evaluation_id}" for evaluation_id in ids]
            reports = [
                await make_report(market, path, side)
                for path, side in zip(paths, sides, strict=True)
            ]
            requests = (
                member.post(f"{it.for_staff}/decision", {"measure": "hide", **BROKEN})
                for member, it in zip(staff, reports, strict=True)
            )
            assert outcome(*await race(attempt % 2, *requests)) == [200, 200]


class TestAppealing:
    async def test_at_once_happens_once(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            report = await make_report(market)
            decision = await decide(market, report, "warn")
            path = f"/decisions/{decision['id']}/appeal"
            responses = await race(
                attempt, *(report.author.post(path, {"words": "No."}) for _ in range(3))
            )
            assert Counter(outcome(*responses)) == {200: 1, "already_appealed": 2}
