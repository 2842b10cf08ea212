"""The readers and the service of questions, as dependencies of routes."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from app.api.dependencies.database import reader, safeguarded_service
from app.db.models.questions import PostKey
from app.db.repositories.question_versions import VersionReader
from app.db.repositories.questions import QuestionReader
from app.http.fastpath.early import early
from app.services.questions import CleaningQuestionService, PackageQuestionService, QuestionService


@early
async def get_cleaning_id(cleaning_id: UUID) -> UUID:
    """The job in the path of the questions about it."""
    return cleaning_id


@early
async def get_cleaning_question(cleaning_id: UUID, question_id: UUID) -> PostKey:
    """The key in the path of a question about a job."""
    return PostKey(cleaning_id, question_id)


@early
async def get_cleaning_answer(cleaning_id: UUID, question_id: UUID, answer_id: UUID) -> PostKey:
    """The key in the path of an answer to a question about a job."""
    return PostKey(cleaning_id, question_id, answer_id)


@early
async def get_package_id(package_id: UUID) -> UUID:
    """The package in the path of the questions about it."""
    return package_id


@early
async def get_package_question(package_id: UUID, question_id: UUID) -> PostKey:
    """The key in the path of a question about a package."""
    return PostKey(package_id, question_id)


@early
async def get_package_answer(package_id: UUID, question_id: UUID, answer_id: UUID) -> PostKey:
    """The key in the path of an answer to a question about a package."""
    return PostKey(package_id, question_id, answer_id)


class Asked(NamedTuple):
    """A kind of thing that questions are about.

    Args:
        noun: Its name in descriptions.
        path: The path of a thing.
        prefix: The prefix of the names of its operations.
        service: The use cases.
        get_id: The dependency that reads the id of a thing in a path.
        get_question: The dependency that reads the key of a question.
        get_answer: The dependency that reads the key of an answer.
    """

    noun: str
    path: str
    prefix: str
    service: type[QuestionService]
    get_id: Callable[..., Awaitable[UUID]]
    get_question: Callable[..., Awaitable[PostKey]]
    get_answer: Callable[..., Awaitable[PostKey]]

    @property
    def get_service(self) -> Callable[..., Awaitable[Any]]:
        """The dependency that makes the service."""
        return safeguarded_service(self.service)

    @property
    def get_reader(self) -> Callable[..., Awaitable[QuestionReader]]:
        """The dependency that makes the reader of questions and answers."""
        return reader(partial(QuestionReader, topic=self.service.topic))

    @property
    def get_versions(self) -> Callable[..., Awaitable[VersionReader]]:
        """The dependency that makes the reader of versions."""
        return reader(partial(VersionReader, topic=self.service.topic))


ASKED = (
    Asked(
        "a job",
        "/cleanings/{cleaning_id}",
        "",
        CleaningQuestionService,
        get_cleaning_id,
        get_cleaning_question,
        get_cleaning_answer,
    ),
    Asked(
        "a package",
        "/packages/{package_id}",
        "package_",
        PackageQuestionService,
        get_package_id,
        get_package_question,
        get_package_answer,
    ),
)
