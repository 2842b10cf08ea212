"""Answers to questions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.questions import ASKED, Asked
from app.db.models.question_shapes import AnswerPublic, PostCreate, PostUpdate
from app.db.models.questions import AnswerNotFound, PostKey
from app.db.repositories.questions import QuestionReader
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute
from app.services.questions import QuestionService

router = APIRouter(tags=["questions"], route_class=TransactionalRoute)


def add_routes(asked: Asked) -> None:
    """Adds the routes of answers to questions about one kind of thing."""
    question, name = f"{asked.path}/questions/{{question_id}}", asked.prefix
    path = f"{question}/answers/{{answer_id}}"
    use_cases = asked.service
    service = Annotated[QuestionService, Depends(asked.get_service)]
    reader = Annotated[QuestionReader, Depends(asked.get_reader)]
    question_key = Annotated[PostKey, Depends(asked.get_question)]
    answer_key = Annotated[PostKey, Depends(asked.get_answer)]

    @router.post(
        f"{question}/answers",
        status_code=201,
        name=f"answer_{name}question",
        summary="Answer a question",
        response_model=AnswerPublic,
        responses=problems(use_cases.answer, use_cases.lock_seen),
    )
    async def answer_question(
        key: question_key,
        draft: PostCreate,
        caller: LockedCaller,
        token: Token,
        questions: service,
        shown: reader,
        request: Request,
    ) -> Response:
        """Answers a question, as the one who was asked, or goes on with it as the asker.

        A question has at most 20 answers. Telephone numbers, email addresses and URLs are refused,
        with their places in the text.
        """
        answer = await questions.answer(caller, key, draft)
        return item_response(
            await shown.answer(token, PostKey(key.topic_id, key.question_id, answer.id)),
            created_at=f"{request.scope['path']}/{answer.id}",
        )

    @router.get(
        path,
        name=f"read_{name}answer",
        summary="An answer",
        response_model=AnswerPublic,
        responses=problems(AnswerNotFound),
    )
    async def read_answer(key: answer_key, caller: Token, shown: reader) -> Response:
        """An answer to a question."""
        return item_response(await shown.answer(caller, key))

    @router.patch(
        path,
        name=f"edit_{name}answer",
        summary="Edit an answer",
        response_model=AnswerPublic,
        responses=problems(use_cases.edit_answer, use_cases.lock_seen),
    )
    async def edit_answer(
        key: answer_key,
        changes: PostUpdate,
        caller: LockedCaller,
        token: Token,
        expected: IfMatch,
        questions: service,
        shown: reader,
    ) -> Response:
        """Changes the text of an own answer. All see its earlier versions."""
        await questions.edit_answer(caller, key, changes, expected)
        return item_response(await shown.answer(token, key))

    @router.delete(
        path,
        status_code=204,
        name=f"delete_{name}answer",
        summary="Delete an answer",
        responses=problems(use_cases.delete_answer, use_cases.lock_seen),
    )
    async def delete_answer(
        key: answer_key, caller: Caller, expected: IfMatch, questions: service
    ) -> Response:
        """Deletes an own answer."""
        await questions.delete_answer(caller, key, expected)
        return Response(status_code=204)


for each in ASKED:
    add_routes(each)
