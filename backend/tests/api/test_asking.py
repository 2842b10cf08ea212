"""Asking questions about jobs: who may, what is refused, and how often."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, block, make_user
from tests.hiding import hide
from tests.staff import make_staff

TEXT = {"text": "Is there a lift?"}


class TestAsking:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        job = await make_cleaning(market)
        assert (await client.post(f"{job.path}/questions", json=TEXT)).status_code == 401

    async def test_answers_with_the_question(self, market: Market) -> None:
        job, asker = await make_cleaning(market), await make_user(market)
        response = await asker.post(f"{job.path}/questions", {"text": "  Is there a lift?\n"})
        assert response.status_code == 201
        question = response.json()
        assert question["text"] == "Is there a lift?"
        assert question["author"]["username"] == asker.username
        assert (question["deleted"], question["hidden"]) == (False, False)
        assert (question["edited_at"], question["answers"]) == (None, [])
        assert response.headers["ETag"] == '"1"'
        found = await asker.client.get(
            f"http://test{response.headers['Location']}",
            headers={"Authorization": f"Bearer {asker.token}"},
        )
        assert found.json() == question

    async def test_is_for_others_than_the_owner(self, market: Market) -> None:
        job = await make_cleaning(market)
        response = await job.owner.post(f"{job.path}/questions", TEXT)
        assert (response.status_code, response.json()["code"]) == (409, "question_to_self")

    async def test_needs_an_open_job(self, market: Market) -> None:
        booking, stranger = await make_booking(market), await make_user(market)
        for asker in (booking.cleaner, stranger):
            response = await asker.post(f"{booking.job.path}/questions", TEXT)
            assert (response.status_code, response.json()["code"]) == (409, "cleaning_not_open")
            assert response.json()["allowed"] == ["open"]
        job = await make_cleaning(market, starts_at="2100-01-01T09:00:00Z")
        await date_back(market, job)
        response = await stranger.post(f"{job.path}/questions", TEXT)
        assert (response.status_code, response.json()["code"]) == (409, "cleaning_expired")

    async def test_needs_a_job_that_the_asker_sees(self, market: Market) -> None:
        asker, staff = await make_user(market), await make_staff(market)
        hidden, deleted, of_blocked = [await make_cleaning(market) for _ in range(3)]
        await hide(staff, hidden.path)
        await deleted.owner.delete(deleted.path)
        await block(market, of_blocked.owner)
        for job in (hidden, deleted, of_blocked):
            response = await asker.post(f"{job.path}/questions", TEXT)
            assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")

    @pytest.mark.parametrize("text", [None, "", " \n", "x" * 2001, 7, "a\x00b", ["Why?"]])
    async def test_needs_a_text(self, market: Market, text: Any) -> None:
        job, asker = await make_cleaning(market), await make_user(market)
        response = await asker.post(f"{job.path}/questions", {"text": text})
        assert response.status_code == 422

    async def test_several_times_is_allowed(self, market: Market) -> None:
        question = await make_question(market)
        await make_question(market, question.topic, question.asker)
        assert len(await question.asker.items(f"{question.topic.path}/questions")) == 2


class TestContactDetails:
    async def test_are_refused_with_their_places(self, market: Market) -> None:
        job, asker = await make_cleaning(market), await make_user(market)
        text = "Call +49 151 23456789 or write to anna@example.com"
        response = await asker.post(f"{job.path}/questions", {"text": f"  {text}"})
        problem = response.json()
        assert (response.status_code, problem["code"]) == (422, "contact_details_refused")
        assert [
            (error["field"], error["code"], text[error["start"] : error["end"]])
            for error in problem["errors"]
        ] == [
            ("text", "phone_number", "+49 151 23456789"),
            ("text", "email_address", "anna@example.com"),
        ]
        assert await asker.items(f"{job.path}/questions") == []

    async def test_are_refused_in_answers_and_edits(self, market: Market) -> None:
        answer = await make_answer(market)
        asker, owner, url = answer.question.asker, answer.author, {"text": "www.example.com"}
        for response in (
            await owner.post(f"{answer.question.path}/answers", url),
            await asker.patch(answer.question.path, url),
            await owner.patch(answer.path, url),
        ):
            assert response.status_code == 422
            assert response.json()["code"] == "contact_details_refused"
            assert response.json()["errors"][0]["code"] == "url"

    async def test_are_those_of_the_country_of_the_market(self, market: Market) -> None:
        job, asker = await make_cleaning(market), await make_user(market)
        text = {"text": "Call (212) 736-5000"}
        assert (await asker.post(f"{job.path}/questions", text)).status_code == 201
        market.replace_safeguards(phone_region="US")
        assert (await asker.post(f"{job.path}/questions", text)).status_code == 422


class TestTheLimitPerPerson:
    async def test_counts_questions_answers_and_edits(self, market: Market) -> None:
        job, other = await make_cleaning(market), await make_user(market)
        market.set_limit("questions_per_account", 3)
        question = await make_question(market, job)
        await make_answer(market, question, question.asker)
        await question.asker.patch(question.path, {"text": "Is there a large lift?"})
        for response in (
            await question.asker.post(f"{job.path}/questions", TEXT),
            await question.asker.post(f"{question.path}/answers", TEXT),
            await question.asker.patch(question.path, TEXT),
        ):
            assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
            assert response.headers["RateLimit-Policy"] == '"questions_per_account";q=3;w=3600'
        await make_question(market, job, other)

    async def test_does_not_count_what_is_refused(self, market: Market) -> None:
        job, asker = await make_cleaning(market), await make_user(market)
        market.set_limit("questions_per_account", 1)
        for _ in range(3):
            await asker.post(f"{job.path}/questions", {"text": "www.example.com"})
            await asker.post(f"/cleanings/{asker.id}/questions", TEXT)
        await make_question(market, job, asker)
