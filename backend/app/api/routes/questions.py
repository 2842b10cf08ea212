"""Questions about jobs and packages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.dependencies.authentication import Caller, LockedCaller, Token
from app.api.dependencies.questions import ASKED, Asked
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.question_shapes import PostCreate, PostUpdate, QuestionPublic
from app.db.models.questions import PostKey, QuestionNotFound
from app.db.repositories.questions import QuestionReader
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.responses import IfMatch, item_response
from app.http.transactions import TransactionalRoute
from app.services.questions import QuestionService

TAG = Tag("questions", "Public questions about jobs and packages, and the answers to them")

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


def add_routes(asked: Asked) -> None:
    """Adds the routes of questions about one kind of thing."""
    path, name, noun = f"{asked.path}/questions", asked.prefix, asked.noun
    use_cases, missing = asked.service, asked.service.topic.missing
    service = Annotated[QuestionService, Depends(asked.get_service)]
    reader = Annotated[QuestionReader, Depends(asked.get_reader)]
    id_in_path = Annotated[UUID, Depends(asked.get_id)]
    question_key = Annotated[PostKey, Depends(asked.get_question)]

    @router.post(
        path,
        status_code=201,
        name=f"ask_{name}question",
        summary=f"Ask a question about {noun}",
        response_model=QuestionPublic,
        responses=problems(use_cases.ask, use_cases.lock_open),
    )
    async def ask_question(
        topic_id: id_in_path,
        draft: PostCreate,
        token: Token,
        questions: service,
        shown: reader,
        request: Request,
    ) -> Response:
        """Asks a public question, which its owner can answer.

        Telephone numbers, email addresses and URLs are refused, with their places in the text.
        """
        question = await questions.ask(token, topic_id, draft)
        return item_response(
            await shown.question(token, PostKey(topic_id, question.id)),
            created_at=f"{request.scope['path']}/{question.id}",
        )

    @router.get(
        path,
        name=f"list_{name}questions",
        summary=f"Questions about {noun}",
        response_model=PagePublic[QuestionPublic],
        responses=problems(missing),
    )
    async def list_questions(
        topic_id: id_in_path,
        parameters: Annotated[PageParameters, Query()],
        caller: Token,
        shown: reader,
        listing: ListingOf,
    ) -> Response:
        """All questions with their answers, oldest first."""
        part = listing.part(parameters)
        return listing.answer(await shown.page(caller, topic_id, part))

    @router.get(
        f"{path}/{{question_id}}",
        name=f"read_{name}question",
        summary="A question",
        response_model=QuestionPublic,
        responses=problems(QuestionNotFound),
    )
    async def read_question(key: question_key, caller: Token, shown: reader) -> Response:
        """A question with its answers. Its `ETag` is that of the question alone."""
        return item_response(await shown.question(caller, key))

    @router.patch(
        f"{path}/{{question_id}}",
        name=f"edit_{name}question",
        summary="Edit a question",
        response_model=QuestionPublic,
        responses=problems(use_cases.edit_question, use_cases.lock_seen),
    )
    async def edit_question(
        key: question_key,
        changes: PostUpdate,
        caller: LockedCaller,
        token: Token,
        expected: IfMatch,
        questions: service,
        shown: reader,
    ) -> Response:
        """Changes the text of an own question. All see its earlier versions."""
        await questions.edit_question(caller, key, changes, expected)
        return item_response(await shown.question(token, key))

    @router.delete(
        f"{path}/{{question_id}}",
        status_code=204,
        name=f"delete_{name}question",
        summary="Delete a question",
        responses=problems(use_cases.delete_question, use_cases.lock_seen),
    )
    async def delete_question(
        key: question_key, caller: Caller, expected: IfMatch, questions: service
    ) -> Response:
        """Deletes an own question. If it has answers, they and its place are still shown."""
        await questions.delete_question(caller, key, expected)
        return Response(status_code=204)


for each in ASKED:
    add_routes(each)
