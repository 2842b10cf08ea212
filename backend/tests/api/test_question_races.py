"""Races about questions: many requests at once, each on a connection of its own."""

from collections import Counter
from itertools import cycle, islice

import pytest

from app.db.models.questions import MOST_ANSWERS
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, make_user
from tests.races import TRIES, outcome, race

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]
TEXT = {"text": "Yes, a small one."}
TOO_MANY = 5
FEW_TRIES = TRIES // 5


class TestAnswering:
    @pytest.mark.parametrize("kind", ["job", "package"])
    async def test_at_once_gives_at_most_as_many_answers_as_may_be(
        self, market: Market, kind: str
    ) -> None:
        for attempt in range(FEW_TRIES):
            topic = await (make_cleaning if kind == "job" else make_package)(market)
            question = await make_question(market, topic)
            authors = islice(cycle([question.owner, question.asker]), MOST_ANSWERS + TOO_MANY)
            responses = await race(
                attempt, *(it.post(f"{question.path}/answers", TEXT) for it in authors)
            )
            counts = Counter(outcome(*responses))
            assert counts == {201: MOST_ANSWERS, "too_many_answers": TOO_MANY}
            shown = (await question.owner.get(question.path)).json()
            assert len(shown["answers"]) == MOST_ANSWERS

    async def test_against_the_deletion_of_the_question(self, market: Market) -> None:
        job = await make_cleaning(market)
        for attempt in range(TRIES):
            question = await make_question(market, job)
            responses = await race(
                attempt,
                question.asker.delete(question.path),
                question.owner.post(f"{question.path}/answers", TEXT),
            )
            assert outcome(*responses) in ([204, 201], [204, "question_not_found"])
            shown = await question.owner.get(question.path)
            assert shown.status_code == (200 if responses[1].is_success else 404)

    async def test_against_the_deletion_of_another_answer(self, market: Market) -> None:
        question = await make_question(market)
        for attempt in range(TRIES):
            answer = await make_answer(market, question)
            responses = await race(
                attempt,
                question.owner.delete(answer.path),
                question.asker.post(f"{question.path}/answers", TEXT),
            )
            assert outcome(*responses) == [204, 201]
            given = responses[1].json()["id"]
            await question.asker.delete(f"{question.path}/answers/{given}")


class TestTheLimitPerPerson:
    async def test_holds_for_questions_about_many_jobs_at_once(self, market: Market) -> None:
        jobs = [await make_cleaning(market) for _ in range(2 * TOO_MANY)]
        market.set_limit("questions_per_account", TOO_MANY)
        for attempt in range(FEW_TRIES):
            asker = await make_user(market)
            responses = await race(
                attempt, *(asker.post(f"{job.path}/questions", TEXT) for job in jobs)
            )
            counts = Counter(outcome(*responses))
            assert counts == {201: TOO_MANY, "too_many_requests": TOO_MANY}


class TestEditing:
    async def test_the_same_version_happens_once(self, market: Market) -> None:
        question = await make_question(market)
        for attempt in range(TRIES):
            version = {"If-Match": (await question.asker.get(question.path)).headers["ETag"]}
            edits = (
                question.asker.patch(
                    question.path, {"text": f"No. {attempt} or {number}?"}, headers=version
                )
                for number in range(2)
            )
            responses = await race(attempt, *edits)
            assert Counter(outcome(*responses)) == {200: 1, "precondition_failed": 1}


class TestDeletingAccounts:
    async def test_of_the_owner_and_of_the_asker(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            first = await make_question(market)
            others = [await make_question(market, first.topic, first.asker) for _ in range(3)]
            for question in (first, *others):
                await make_answer(market, question, question.owner)
                await make_answer(market, question, question.asker)
            responses = await race(
                attempt, first.owner.delete("/users/me"), first.asker.delete("/users/me")
            )
            assert outcome(*responses) == [204, 204]

    async def test_against_a_question(self, market: Market) -> None:
        asker = await make_user(market)
        for attempt in range(TRIES):
            job = await make_cleaning(market)
            responses = await race(
                attempt,
                job.owner.delete("/users/me"),
                asker.post(f"{job.path}/questions", {"text": "Is there a lift?"}),
            )
            assert outcome(*responses) in ([204, 201], [204, "cleaning_not_open"])
