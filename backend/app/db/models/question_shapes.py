"""The content of requests and responses about questions and answers."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.fields import Input, Moment, omittable, text
from app.db.models.profiles import ProfilePublic
from app.db.models.versioned import Tagged

PostText = Annotated[str, text(2000, shortest=1)]
"""The text of a question or an answer."""


class QuestionStatus(StrEnum):
    """Whether a question has answers."""

    ASKED = "asked"
    ANSWERED = "answered"


class PostCreate(Input):
    """A new question or answer. Telephone numbers, mail addresses and URLs are refused."""

    text: PostText = Field(schema_extra={"examples": ["Is there a lift?"]})


class PostUpdate(Input):
    """A change of a question or an answer. The earlier text is kept as a version."""

    text: PostText = omittable(schema_extra={"examples": ["Is there a lift, and is it large?"]})


EDITED = "The time of the last change of the text; null if there was none"


class AnswerPublic(SQLModel, Tagged):
    """An answer to a question."""

    id: UUID
    question_id: UUID
    author: ProfilePublic
    text: str = Field(schema_extra={"examples": ["Yes, a small one."]})
    hidden: bool = Field(description="Whether staff has hidden it from all but its author")
    created_at: Moment
    edited_at: Moment | None = Field(description=EDITED)


class QuestionPublic(SQLModel, Tagged):
    """A question with its answers, the oldest first.

    A deleted question with answers is shown without its author and its text.
    """

    id: UUID
    author: ProfilePublic | None = Field(description="Null if the question was deleted")
    text: str | None = Field(
        description="Null if the question was deleted",
        schema_extra={"examples": ["Is there a lift?"]},
    )
    status: QuestionStatus
    deleted: bool = Field(
        description="Whether the question was deleted, or the account of its author"
    )
    hidden: bool = Field(description="Whether staff has hidden it from all but its author")
    created_at: Moment
    edited_at: Moment | None = Field(description=EDITED)
    answers: list[AnswerPublic]


class VersionPublic(SQLModel):
    """A version of a question, an answer or a message."""

    number: int = Field(description="1 is the first version")
    text: str = Field(schema_extra={"examples": ["Is there a lift?"]})
    written_at: Moment
