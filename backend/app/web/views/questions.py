"""Questions and answers on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.web.views.people import Named


class Answer(BaseModel):
    """An answer to a question."""

    id: UUID
    author: Named
    text: str
    hidden: bool
    created_at: datetime
    edited_at: datetime | None


class Question(BaseModel):
    """A question with its answers. One that was deleted has no author and no text."""

    id: UUID
    author: Named | None
    text: str | None
    hidden: bool
    created_at: datetime
    edited_at: datetime | None
    answers: list[Answer]


class Version(BaseModel):
    """A version of a question, an answer or a message."""

    text: str
    written_at: datetime


QUESTIONS = TypeAdapter(list[Question])
VERSIONS = TypeAdapter(list[Version])
