"""Public questions about jobs: reading, editing, deleting and hiding them."""

from typing import Any

from httpx import AsyncClient

from tests.factories.cleanings import make_cleaning
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Actor, Market, block, make_user
from tests.hiding import hide, show
from tests.staff import make_staff

TEXT = {"text": "Is there a lift?"}


async def texts(actor: Actor, path: str) -> list[Any]:
    """The texts of the questions at a path, in order."""
    return [item["text"] for item in await actor.items(path)]


class TestReading:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        question = await make_question(market)
        for path in (question.path, f"{question.topic.path}/questions"):
            assert (await client.get(path)).status_code == 401

    async def test_shows_the_oldest_first_with_their_answers(self, market: Market) -> None:
        job, reader = await make_cleaning(market), await make_user(market)
        questions = [await make_question(market, job, text=f"No. {i}?") for i in range(5)]
        for text, author in (("One", job.owner), ("Two", questions[1].asker)):
            await make_answer(market, questions[1], author, text)
        items = await reader.items(f"{job.path}/questions", limit=2)
        assert [item["text"] for item in items] == [f"No. {i}?" for i in range(5)]
        assert [answer["text"] for answer in items[1]["answers"]] == ["One", "Two"]
        assert items[1]["answers"][0]["author"]["username"] == job.owner.username
        assert items[1] == (await reader.get(questions[1].path)).json()

    async def test_is_for_those_who_see_the_job(self, market: Market) -> None:
        question, staff = await make_question(market), await make_staff(market)
        await hide(staff, question.topic.path)
        path = f"{question.topic.path}/questions"
        assert len(await question.owner.items(path)) == 1
        response = await question.asker.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")
        response = await question.asker.get(question.path)
        assert (response.status_code, response.json()["code"]) == (404, "question_not_found")
        response = await question.asker.patch(question.path, {"text": "Why?"})
        assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")

    async def test_goes_on_when_the_job_has_ended(self, market: Market) -> None:
        question = await make_question(market)
        await question.owner.post(f"{question.topic.path}/cancellation")
        assert await texts(question.asker, f"{question.topic.path}/questions") == [
            "Is there a lift?"
        ]

    async def test_finds_a_question_under_its_own_job_only(self, market: Market) -> None:
        question, job = await make_question(market), await make_cleaning(market)
        response = await question.asker.get(f"{job.path}/questions/{question.data['id']}")
        assert (response.status_code, response.json()["code"]) == (404, "question_not_found")

    async def test_finds_no_answer_in_the_place_of_a_question(self, market: Market) -> None:
        answer = await make_answer(market)
        path = f"{answer.question.topic.path}/questions/{answer.data['id']}"
        assert (await answer.author.get(path)).status_code == 404
        assert (await answer.author.patch(path, {"text": "No"})).status_code == 404
        assert (await answer.author.post(f"{path}/answers", TEXT)).status_code == 404


class TestBlockedAuthors:
    async def test_are_not_shown(self, market: Market) -> None:
        question, reader = await make_question(market), await make_user(market)
        await make_answer(market, question, question.asker, "Nobody?")
        other = await make_question(market, question.topic)
        await make_answer(market, other, question.owner)
        await block(market, question.asker)
        (item,) = await reader.items(f"{question.topic.path}/questions")
        assert item["id"] == other.data["id"]
        assert (await reader.get(question.path)).status_code == 404
        response = await question.owner.post(f"{question.path}/answers", TEXT)
        assert (response.status_code, response.json()["code"]) == (404, "question_not_found")


class TestEditing:
    async def test_shows_when(self, market: Market) -> None:
        question = await make_question(market)
        response = await question.asker.patch(question.path, {"text": "Is there a large lift?"})
        assert response.status_code == 200
        edited = response.json()
        assert edited["text"] == "Is there a large lift?"
        assert edited["edited_at"] > edited["created_at"]
        assert response.headers["ETag"] == '"2"'

    async def test_to_the_same_text_changes_nothing(self, market: Market) -> None:
        question = await make_question(market)
        for changes in ({}, {"text": "Is there a lift?  "}):
            response = await question.asker.patch(question.path, changes)
            assert response.json() == question.data
            assert response.headers["ETag"] == '"1"'

    async def test_is_for_the_author(self, market: Market) -> None:
        question = await make_question(market)
        for actor in (question.owner, await make_user(market)):
            response = await actor.patch(question.path, {"text": "Why?"})
            assert (response.status_code, response.json()["code"]) == (403, "not_author")


class TestDeleting:
    async def test_takes_a_question_without_answers_away(self, market: Market) -> None:
        question = await make_question(market)
        assert (await question.asker.delete(question.path)).status_code == 204
        assert await question.owner.items(f"{question.topic.path}/questions") == []
        for response in (
            await question.asker.get(question.path),
            await question.asker.patch(question.path, {"text": "Why?"}),
            await question.asker.delete(question.path),
            await question.owner.post(f"{question.path}/answers", TEXT),
        ):
            assert (response.status_code, response.json()["code"]) == (404, "question_not_found")

    async def test_keeps_the_place_of_one_with_answers(self, market: Market) -> None:
        answer = await make_answer(market)
        question = answer.question
        await question.asker.delete(question.path)
        (item,) = await question.owner.items(f"{question.topic.path}/questions")
        assert (item["deleted"], item["text"], item["author"]) == (True, None, None)
        assert [it["text"] for it in item["answers"]] == ["Yes, a small one."]
        assert (await question.asker.get(question.path)).json() == item
        for response in (
            await question.asker.patch(question.path, {"text": "Why?"}),
            await question.asker.delete(question.path),
            await question.owner.post(f"{question.path}/answers", TEXT),
        ):
            assert (response.status_code, response.json()["code"]) == (409, "question_deleted")

    async def test_ends_the_place_with_the_last_answer(self, market: Market) -> None:
        answer = await make_answer(market)
        await answer.question.asker.delete(answer.question.path)
        assert (await answer.author.delete(answer.path)).status_code == 204
        assert await answer.author.items(f"{answer.question.topic.path}/questions") == []

    async def test_is_for_the_author(self, market: Market) -> None:
        question = await make_question(market)
        response = await question.owner.delete(question.path)
        assert (response.status_code, response.json()["code"]) == (403, "not_author")


class TestHiding:
    async def test_shows_a_question_to_its_author_alone(self, market: Market) -> None:
        answer, staff = await make_answer(market), await make_staff(market)
        question = answer.question
        await hide(staff, question.path)
        path = f"{question.topic.path}/questions"
        (item,) = await question.asker.items(path)
        assert (item["hidden"], item["text"]) == (True, "Is there a lift?")
        for actor in (question.owner, staff, await make_user(market)):
            assert await actor.items(path) == []
            assert (await actor.get(question.path)).status_code == 404
            assert (await actor.get(answer.path)).status_code == 404
        await show(staff, question.path)
        (item,) = await question.owner.items(path)
        assert (item["hidden"], len(item["answers"])) == (False, 1)

    async def test_of_a_deleted_one_is_refused(self, market: Market) -> None:
        answer, staff = await make_answer(market), await make_staff(market)
        await answer.question.asker.delete(answer.question.path)
        path = f"/admin{answer.question.path}/hiding"
        response = await staff.post(path, {"reason": "Rude."})
        assert (response.status_code, response.json()["code"]) == (409, "question_deleted")


class TestDeletingAnAccount:
    async def test_empties_its_questions_and_answers(self, market: Market) -> None:
        job, leaver = await make_cleaning(market), await make_user(market)
        answered = await make_question(market, job, leaver, "Is it quiet?")
        await make_answer(market, answered, job.owner)
        await make_answer(market, answered, leaver, "Thank you.")
        alone = await make_question(market, job, leaver, "Is it warm?")
        await leaver.patch(answered.path, {"text": "Is it really quiet?"})
        assert (await leaver.delete("/users/me")).status_code == 204
        (item,) = await job.owner.items(f"{job.path}/questions")
        assert (item["deleted"], item["text"], item["author"]) == (True, None, None)
        assert [answer["text"] for answer in item["answers"]] == ["Yes, a small one."]
        response = await job.owner.get(f"{answered.path}/versions")
        assert response.status_code == 404
        for question, refusal in (
            (answered, (409, "question_deleted")),
            (alone, (404, "question_not_found")),
        ):
            response = await job.owner.post(f"{question.path}/answers", TEXT)
            assert (response.status_code, response.json()["code"]) == refusal
        kept = await market.app.state.database.fetch(
            "SELECT FROM cleaning_posts WHERE author_id = $1 AND text IS NOT NULL", [leaver.id]
        )
        versions = await market.app.state.database.fetch("SELECT FROM cleaning_post_versions", ())
        assert (len(kept), len(versions)) == (0, 0)
