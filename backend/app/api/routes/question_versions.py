"""Versions of questions and answers: for all who see them, and for staff."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff, Token
from app.api.dependencies.questions import ASKED, Asked
from app.db.models.pages import PageParameters, PagePublic
from app.db.models.question_shapes import VersionPublic
from app.db.models.questions import AnswerNotFound, PostKey, QuestionNotFound
from app.db.repositories.question_versions import VersionReader
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import RecordedRoute, TransactionalRoute
from app.services.questions import QuestionService

router = APIRouter()
Parameters = Annotated[PageParameters, Query()]


def add_routes(asked: Asked) -> None:
    """Adds the routes of versions of questions about one kind of thing, and of their answers."""
    versions = Annotated[VersionReader, Depends(asked.get_versions)]
    question_key = Annotated[PostKey, Depends(asked.get_question)]
    answer_key = Annotated[PostKey, Depends(asked.get_answer)]
    question = f"{asked.path}/questions/{{question_id}}"

    async def list_question_versions(
        key: question_key,
        parameters: Parameters,
        caller: Token,
        shown: versions,
        listing: ListingOf,
    ) -> Response:
        """All versions of a question, newest first; none if it was deleted or is hidden."""
        part = listing.part(parameters)
        return listing.answer(await shown.of_question(caller, key, part))

    async def list_answer_versions(
        key: answer_key,
        parameters: Parameters,
        caller: Token,
        shown: versions,
        listing: ListingOf,
    ) -> Response:
        """All versions of an answer, newest first; none if it was deleted or is hidden."""
        part = listing.part(parameters)
        return listing.answer(await shown.of_answer(caller, key, part))

    for path, name, noun, endpoint, missing in (
        (question, "question", "a question", list_question_versions, QuestionNotFound),
        (
            f"{question}/answers/{{answer_id}}",
            "answer",
            "an answer",
            list_answer_versions,
            AnswerNotFound,
        ),
    ):
        router.add_api_route(
            f"{path}/versions",
            endpoint,
            methods=["GET"],
            tags=["questions"],
            name=f"list_{asked.prefix}{name}_versions",
            summary=f"Versions of {noun}",
            response_model=PagePublic[VersionPublic],
            responses=problems(missing),
            route_class_override=TransactionalRoute,
        )


def add_staff_routes(asked: Asked) -> None:
    """Adds the routes by which staff reads all versions, also of deleted and hidden posts."""
    service = Annotated[QuestionService, Depends(asked.get_service)]
    question_key = Annotated[PostKey, Depends(asked.get_question)]
    answer_key = Annotated[PostKey, Depends(asked.get_answer)]
    question = f"/admin{asked.path}/questions/{{question_id}}"

    async def review_question(
        key: question_key,
        parameters: Parameters,
        caller: Staff,
        questions: service,
        listing: ListingOf,
    ) -> Response:
        """All versions of a question, newest first, also if it was deleted or is hidden.

        The audit records it.
        """
        part = listing.part(parameters)
        page = await questions.read_versions(caller, key, part)
        return listing.answer(page)

    async def review_answer(
        key: answer_key,
        parameters: Parameters,
        caller: Staff,
        questions: service,
        listing: ListingOf,
    ) -> Response:
        """All versions of an answer, newest first, also if it was deleted or is hidden.

        The audit records it.
        """
        part = listing.part(parameters)
        return listing.answer(await questions.read_versions(caller, key, part))

    for path, name, noun, endpoint in (
        (question, "question", "a question", review_question),
        (f"{question}/answers/{{answer_id}}", "answer", "an answer", review_answer),
    ):
        router.add_api_route(
            f"{path}/versions",
            endpoint,
            methods=["GET"],
            tags=["admin"],
            name=f"review_{asked.prefix}{name}",
            summary=f"All versions of {noun}",
            response_model=PagePublic[VersionPublic],
            responses=problems(*FOR_STAFF, asked.service.read_versions),
            route_class_override=RecordedRoute,
        )


for each in ASKED:
    add_routes(each)
    add_staff_routes(each)
