"""Answers to questions about jobs: giving, editing and deleting them."""

import pytest
from httpx import AsyncClient

from app.db.models.questions import MOST_ANSWERS
from tests.factories.bookings import make_booking
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, make_user
from tests.hiding import hide, show
from tests.staff import make_staff

TEXT = {"text": "Yes, a small one."}


class TestAnswering:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        question = await make_question(market)
        assert (await client.post(f"{question.path}/answers", json=TEXT)).status_code == 401

    async def test_answers_with_the_answer(self, market: Market) -> None:
        question = await make_question(market)
        response = await question.owner.post(f"{question.path}/answers", TEXT)
        assert response.status_code == 201
        answer = response.json()
        assert (answer["text"], answer["question_id"]) == (TEXT["text"], question.data["id"])
        assert answer["author"]["username"] == question.owner.username
        assert response.headers["ETag"] == '"1"'
        path = response.headers["Location"].removeprefix("/api/v1")
        assert (await question.asker.get(path)).json() == answer

    async def test_is_for_the_owner_and_the_asker(self, market: Market) -> None:
        question = await make_question(market)
        await make_answer(market, question, question.owner)
        await make_answer(market, question, question.asker)
        other = (await make_question(market, question.topic)).asker
        for stranger in (await make_user(market), other):
            response = await stranger.post(f"{question.path}/answers", TEXT)
            assert (response.status_code, response.json()["code"]) == (403, "not_asker")

    async def test_leaves_the_version_of_the_question(self, market: Market) -> None:
        answer = await make_answer(market)
        response = await answer.author.get(answer.question.path)
        assert response.headers["ETag"] == '"1"'

    @pytest.mark.parametrize("end", ["booked", "expired", "cancelled"])
    async def test_is_possible_when_the_job_takes_no_more_questions(
        self, market: Market, end: str
    ) -> None:
        job = await make_cleaning(market)
        question = await make_question(market, job)
        if end == "booked":
            await make_booking(market, await make_offer(market, job))
        elif end == "expired":
            await date_back(market, job)
        else:
            await job.owner.post(f"{job.path}/cancellation")
        assert (await question.asker.post(f"{job.path}/questions", TEXT)).status_code == 409
        for author in (question.owner, question.asker):
            answer = await make_answer(market, question, author)
            assert (await author.patch(answer.path, {"text": "No."})).status_code == 200
            assert (await author.delete(answer.path)).status_code == 204

    async def test_is_limited_in_number(self, market: Market) -> None:
        question = await make_question(market)
        answers = [await make_answer(market, question) for _ in range(MOST_ANSWERS)]
        response = await question.asker.post(f"{question.path}/answers", TEXT)
        assert (response.status_code, response.json()["code"]) == (409, "too_many_answers")
        (item,) = await question.asker.items(f"{question.topic.path}/questions")
        assert len(item["answers"]) == MOST_ANSWERS
        await question.owner.delete(answers[0].path)
        await make_answer(market, question, question.asker)

    async def test_a_question_of_another_job(self, market: Market) -> None:
        question, job = await make_question(market), await make_cleaning(market)
        path = f"{job.path}/questions/{question.data['id']}/answers"
        response = await job.owner.post(path, TEXT)
        assert (response.status_code, response.json()["code"]) == (404, "question_not_found")


class TestEditing:
    async def test_shows_when(self, market: Market) -> None:
        answer = await make_answer(market)
        response = await answer.author.patch(answer.path, {"text": "No"})
        assert response.json()["edited_at"] > response.json()["created_at"]
        (item,) = await answer.author.items(f"{answer.question.topic.path}/questions")
        assert item["answers"] == [response.json()]

    async def test_is_for_the_author(self, market: Market) -> None:
        answer = await make_answer(market)
        for actor in (answer.question.asker, await make_user(market)):
            for response in (
                await actor.patch(answer.path, {"text": "No"}),
                await actor.delete(answer.path),
            ):
                assert (response.status_code, response.json()["code"]) == (403, "not_author")

    async def test_goes_on_when_the_question_was_deleted(self, market: Market) -> None:
        answer = await make_answer(market)
        await answer.question.asker.delete(answer.question.path)
        response = await answer.author.patch(answer.path, {"text": "No"})
        assert response.status_code == 200


class TestDeleting:
    async def test_takes_it_away(self, market: Market) -> None:
        answer = await make_answer(market)
        assert (await answer.author.delete(answer.path)).status_code == 204
        shown = (await answer.author.get(answer.question.path)).json()
        assert shown["answers"] == []
        for response in (
            await answer.author.get(answer.path),
            await answer.author.patch(answer.path, {"text": "No"}),
            await answer.author.delete(answer.path),
        ):
            assert (response.status_code, response.json()["code"]) == (404, "answer_not_found")


class TestHiding:
    async def test_shows_an_answer_to_its_author_alone(self, market: Market) -> None:
        answer, staff = await make_answer(market), await make_staff(market)
        await hide(staff, answer.path)
        own = (await answer.author.get(answer.question.path)).json()["answers"]
        assert [item["hidden"] for item in own] == [True]
        for actor in (answer.question.asker, staff):
            assert (await actor.get(answer.question.path)).json()["answers"] == []
            assert (await actor.get(answer.path)).status_code == 404
        await show(staff, answer.path)
        shown = (await answer.question.asker.get(answer.question.path)).json()["answers"]
        assert [item["hidden"] for item in shown] == [False]

    async def test_leaves_a_question_that_has_no_answers_for_others(self, market: Market) -> None:
        answer, staff = await make_answer(market), await make_staff(market)
        question = answer.question
        await hide(staff, answer.path)
        assert (await answer.author.get(question.path)).json()["status"] == "answered"
        assert (await question.asker.get(question.path)).json()["status"] == "asked"
        await question.asker.delete(question.path)
        assert (await answer.author.get(question.path)).json()["deleted"]
        for response in (
            await staff.get(question.path),
            await question.asker.post(f"{question.path}/answers", TEXT),
        ):
            assert (response.status_code, response.json()["code"]) == (404, "question_not_found")
        assert await staff.items(f"{question.topic.path}/questions") == []


class TestDeletingTheAccount:
    async def test_of_the_only_author_leaves_a_question_without_answers(
        self, market: Market
    ) -> None:
        answer = await make_answer(market)
        question = answer.question
        assert (await answer.author.delete("/users/me")).status_code == 204
        assert (await question.asker.get(question.path)).json()["status"] == "asked"
        await question.asker.delete(question.path)
        assert (await question.asker.get(question.path)).status_code == 404
