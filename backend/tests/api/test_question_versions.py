"""Versions of questions and answers: for all who see them, and for staff."""

import pytest
from httpx import AsyncClient

from tests.factories.questions import Answer, Question, make_answer, make_question
from tests.factories.users import Actor, Market, block, make_user
from tests.hiding import hide
from tests.staff import make_staff


async def texts(actor: Actor, path: str, **params: int) -> list[str]:
    """The texts of the versions at a path, in order."""
    return [item["text"] for item in await actor.items(f"{path}/versions", **params)]


async def edited(market: Market, text: str = "Why?") -> tuple[Answer, Question]:
    """An edited answer to an edited question."""
    answer = await make_answer(market)
    await answer.author.patch(answer.path, {"text": "No"})
    await answer.question.asker.patch(answer.question.path, {"text": text})
    return answer, answer.question


class TestReading:
    async def test_needs_a_login(self, market: Market, client: AsyncClient) -> None:
        question = await make_question(market)
        assert (await client.get(f"{question.path}/versions")).status_code == 401

    async def test_shows_all_to_those_who_see_the_question(self, market: Market) -> None:
        answer, question = await edited(market)
        for actor in (question.asker, question.owner, await make_user(market)):
            assert await texts(actor, question.path) == ["Why?", "Is there a lift?"]
            assert await texts(actor, answer.path) == ["No", "Yes, a small one."]

    async def test_shows_when_each_was_written(self, market: Market) -> None:
        question = await make_question(market)
        for number in range(2, 6):
            await question.asker.patch(question.path, {"text": f"No. {number}?"})
        shown = (await question.asker.get(question.path)).json()
        versions = await question.asker.items(f"{question.path}/versions", limit=2)
        assert [version["number"] for version in versions] == [5, 4, 3, 2, 1]
        assert versions[0]["written_at"] == shown["edited_at"]
        assert versions[-1]["written_at"] == shown["created_at"]
        moments = [version["written_at"] for version in versions]
        assert moments == sorted(moments, reverse=True)

    async def test_shows_the_only_one_of_what_was_not_edited(self, market: Market) -> None:
        question = await make_question(market)
        assert await texts(question.owner, question.path) == ["Is there a lift?"]

    async def test_finds_none_of_a_deleted_question(self, market: Market) -> None:
        answer, question = await edited(market)
        await question.asker.delete(question.path)
        for actor in (question.asker, question.owner):
            response = await actor.get(f"{question.path}/versions")
            assert (response.status_code, response.json()["code"]) == (404, "question_not_found")
        assert await texts(question.owner, answer.path) == ["No", "Yes, a small one."]
        await answer.author.delete(answer.path)
        response = await question.owner.get(f"{answer.path}/versions")
        assert (response.status_code, response.json()["code"]) == (404, "answer_not_found")

    @pytest.mark.parametrize("hidden", ["question", "answer", "job"])
    async def test_finds_none_of_what_is_hidden(self, market: Market, hidden: str) -> None:
        answer, question = await edited(market)
        path = {"question": question.path, "answer": answer.path, "job": question.topic.path}[
            hidden
        ]
        await hide(await make_staff(market), path)
        stranger = await make_user(market)
        unseen = [answer.path] if hidden == "answer" else [question.path, answer.path]
        for path in unseen:
            assert (await stranger.get(f"{path}/versions")).status_code == 404
        if hidden != "job":
            author = answer.author if hidden == "answer" else question.asker
            assert (await author.get(f"{unseen[0]}/versions")).status_code == 404

    async def test_finds_none_of_a_blocked_author(self, market: Market) -> None:
        _, question = await edited(market)
        await block(market, question.asker)
        assert (await question.owner.get(f"{question.path}/versions")).status_code == 404


class TestReadingAsStaff:
    async def test_is_for_staff(self, market: Market) -> None:
        answer, question = await edited(market)
        for path in (question.path, answer.path):
            response = await question.asker.get(f"/admin{path}/versions")
            assert (response.status_code, response.json()["code"]) == (403, "staff_only")

    async def test_shows_all_of_what_was_deleted_or_hidden(self, market: Market) -> None:
        answer, question = await edited(market)
        staff = await make_staff(market)
        await hide(staff, answer.path)
        await question.asker.delete(question.path)
        assert await texts(staff, f"/admin{question.path}", limit=1) == ["Why?", "Is there a lift?"]
        assert await texts(staff, f"/admin{answer.path}") == ["No", "Yes, a small one."]

    async def test_is_recorded_in_the_audit(self, market: Market) -> None:
        answer, question = await edited(market)
        staff, job_id = await make_staff(market), question.topic.data["id"]
        for path, author, ids in (
            (question.path, question.asker, {"question_id": question.data["id"]}),
            (answer.path, answer.author, {"answer_id": answer.data["id"]}),
        ):
            await texts(staff, f"/admin{path}")
            (entry, *_) = await staff.items("/admin/audit", action="versions_read")
            assert entry["user"]["id"] == str(author.id)
            assert entry["details"] == {"cleaning_id": job_id, **ids}

    async def test_finds_only_what_there_is(self, market: Market) -> None:
        answer, question = await edited(market)
        staff, elsewhere = await make_staff(market), await make_question(market)
        answer_id = answer.data["id"]
        for path, code in (
            (f"{elsewhere.topic.path}/questions/{question.data['id']}", "question_not_found"),
            (f"{question.topic.path}/questions/{answer_id}", "question_not_found"),
            (f"{elsewhere.path}/answers/{answer_id}", "answer_not_found"),
            (f"{question.path}/answers/{question.data['id']}", "answer_not_found"),
        ):
            response = await staff.get(f"/admin{path}/versions")
            assert (response.status_code, response.json()["code"]) == (404, code)

    async def test_finds_nothing_of_a_deleted_account(self, market: Market) -> None:
        _, question = await edited(market)
        staff = await make_staff(market)
        await question.asker.delete("/users/me")
        assert await texts(staff, f"/admin{question.path}") == []
