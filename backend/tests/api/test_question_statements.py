"""How many statements operations on questions take: never more for more rows."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.db.models.questions import MOST_ANSWERS
from app.db.models.users import UserRole
from tests.api.test_statements import GROUNDS
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.questions import Question, make_answer, make_question
from tests.factories.users import Actor, Market, make_user
from tests.statements import READING_AS_STAFF, statements

pytestmark = pytest.mark.committed

FEW, MANY = 1, MOST_ANSWERS - 1

WRITES = {
    "ask question": 5,
    "answer question": 7,
    "edit question": 7,
    "edit answer": 8,
    "hide question": 7,
    "hide answer": 7,
    "delete question": 6,
    "delete answer": 7,
}


@pytest.fixture(autouse=True)
async def one_connection(app: FastAPI) -> None:
    """Begins with an empty pool: what the driver asks once per connection is soon asked."""
    await app.state.pool.close()


async def asked(market: Market, job: Job, rows: int) -> Question:
    """A question with so many answers and versions, and as many others about the same job."""
    question = await make_question(market, job)
    for number in range(rows):
        await question.asker.patch(question.path, {"text": f"No. {number}?"})
        await make_answer(market, question)
        await make_question(market, job)
    return question


class TestReading:
    async def test_takes_one_statement(self, market: Market) -> None:
        for rows in (FEW, FEW, MANY):
            question = await asked(market, await make_cleaning(market), rows)
            reader = await make_user(market)
            for path in (
                f"{question.topic.path}/questions?limit=100",
                question.path,
                f"{question.path}/versions?limit=100",
            ):
                assert await statements(market.app, reader.get(path)) == 1

    async def test_by_staff_takes_as_many_however_many_versions_there_are(
        self, market: Market
    ) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        for rows in (FEW, FEW, MANY):
            question = await asked(market, await make_cleaning(market), rows)
            path = f"/admin{question.path}/versions?limit=100"
            assert await statements(market.app, staff.get(path)) == READING_AS_STAFF + 1


class TestWriting:
    async def writes(self, market: Market, rows: int) -> dict[str, int]:
        """Does all that there is to do with questions, where there are so many already."""
        job, asker = await make_cleaning(market), await make_user(market)
        staff = await make_user(market, role=UserRole.STAFF)
        await asked(market, job, rows)
        taken: dict[str, int] = {}

        async def do(
            operation: str, actor: Actor, method: str, path: str, body: Any = None
        ) -> None:
            request = actor.request(method, path, json=body)
            taken[operation] = await statements(market.app, request)

        await do("ask question", asker, "POST", f"{job.path}/questions", {"text": "Why?"})
        (last,) = [
            item
            for item in await asker.items(f"{job.path}/questions")
            if item["author"]["username"] == asker.username
        ]
        question = Question(job, asker, last)
        for _ in range(rows - 1):
            await make_answer(market, question)
        await do("answer question", job.owner, "POST", f"{question.path}/answers", {"text": "So"})
        answer = (await asker.get(question.path)).json()["answers"][-1]
        path = f"{question.path}/answers/{answer['id']}"
        await do("edit question", asker, "PATCH", question.path, {"text": "How?"})
        await do("edit answer", job.owner, "PATCH", path, {"text": "Thus"})
        await do("hide answer", staff, "POST", f"/admin{path}/hiding", GROUNDS)
        await do("hide question", staff, "POST", f"/admin{question.path}/hiding", GROUNDS)
        await staff.delete(f"/admin{question.path}/hiding")
        await do("delete answer", job.owner, "DELETE", path)
        await do("delete question", asker, "DELETE", question.path)
        return taken

    async def test_takes_as_many_statements_however_many_questions_there_are(
        self, market: Market
    ) -> None:
        await self.writes(market, FEW)
        for rows in (FEW, MANY):
            assert await self.writes(market, rows) == WRITES
