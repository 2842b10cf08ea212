"""Questions about jobs, the answers to them, and the earlier versions of both.

Questions about packages have tables of their own, so that all tables can be distributed: a question
about a job has the id of the job in its key. What both have in common is here.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from app.core.errors import Conflict, Forbidden, NotFound
from app.db.models.fields import id_field, moment_field, now
from app.db.models.hiding import Hideable
from app.db.models.kinds import EventKind
from app.db.models.kinds.questions import AnswerEvent, QuestionEvent
from app.postgres.rows import Row

MOST_ANSWERS = 20
"""The largest number of answers to a question."""


class QuestionNotFound(NotFound):
    code = "question_not_found"
    detail = "Question not found."


class AnswerNotFound(NotFound):
    code = "answer_not_found"
    detail = "Answer not found."


class QuestionToSelf(Conflict):
    code = "question_to_self"
    detail = "You can't ask yourself a question."


class QuestionDeleted(Conflict):
    code = "question_deleted"
    detail = "The question was deleted. It can't be answered or changed."


class TooManyAnswers(Conflict):
    code = "too_many_answers"
    detail = f"A question has at most {MOST_ANSWERS} answers."


class NotAsker(Forbidden):
    code = "not_asker"
    detail = "A question is answered by the one who was asked, or by the asker."


class NotAuthor(Forbidden):
    code = "not_author"
    detail = "Only the author of a question or an answer may do this."


class PostKey(NamedTuple):
    """The key of a question or an answer.

    Args:
        topic_id: The job or the package that the question is about.
        question_id: The question.
        answer_id: The answer; None for the question itself.
    """

    topic_id: UUID
    question_id: UUID
    answer_id: UUID | None = None


class Post(Hideable):
    """A question, or an answer to one.

    The text is null once the account of the author is deleted.
    """

    topic_key: ClassVar[str]
    """The column with the id of the thing that the question is about."""
    version_class: ClassVar[type["PostVersion"]]
    """The table class of earlier versions."""
    question_events: ClassVar[type[EventKind]]
    answer_events: ClassVar[type[EventKind]]

    if TYPE_CHECKING:
        id: UUID

    question_id: UUID | None = None  # of an answer
    author_id: UUID = Field(foreign_key="users.id")
    text: str | None
    revision: int = 1
    edited_at: datetime | None = moment_field(default=None)
    deleted_at: datetime | None = moment_field(default=None)
    answers: int = 0  # those to a question that are not deleted

    @property
    def topic(self) -> dict[str, UUID]:
        """The key of the thing that the question is about, by its column."""
        return {self.topic_key: getattr(self, self.topic_key)}

    @property
    def events(self) -> type[EventKind]:
        """The kinds of its events."""
        return self.question_events if self.question_id is None else self.answer_events

    def demand_author(self, user_id: UUID) -> None:
        """Refuses other users than the author.

        Raises:
            NotAuthor: The user is another.
        """
        if user_id != self.author_id:
            raise NotAuthor

    def demand_kept(self) -> None:
        """Refuses a deleted or erased question, which is shown as long as it has answers.

        Raises:
            QuestionNotFound: It was deleted, and has no answers.
            QuestionDeleted: It was deleted.
        """
        if self.deleted_at is not None or self.text is None:
            raise QuestionDeleted if self.answers else QuestionNotFound

    def answer(self, author_id: UUID, text: str) -> "Post":
        """Returns a new answer to a question, and counts it.

        Raises:
            TooManyAnswers: The question has as many answers as it may have.
        """
        if self.answers >= MOST_ANSWERS:
            raise TooManyAnswers
        self.answers += 1
        return type(self)(question_id=self.id, author_id=author_id, text=text, **self.topic)

    def edit(self, text: str) -> "PostVersion | None":
        """Changes the text.

        Returns:
            The former version, if the text has changed.
        """
        if text == self.text or self.text is None:
            return None
        former = self.version_class(
            post_id=self.id,
            number=self.revision,
            author_id=self.author_id,
            text=self.text,
            written_at=self.edited_at or self.created_at,
            **self.topic,
        )
        self.take_over({"text": text, "revision": self.revision + 1, "edited_at": now()})
        return former

    def delete(self) -> None:
        """Deletes the post: it is kept, but only staff can read it."""
        self.deleted_at = now()
        self.touch()


class PostVersion(Row):
    """An earlier version of a question or an answer."""

    author_id: UUID = Field(foreign_key="users.id")
    text: str
    written_at: datetime = moment_field()


def post_constraints(table: str, topic_key: str) -> tuple[Any, ...]:
    """The constraints and indexes of a table of posts.

    Args:
        table: Its name.
        topic_key: The column with the id of the thing that the questions are about.
    """
    is_question = sql("question_id IS NULL")
    is_answer = sql("question_id IS NOT NULL")
    return (
        ForeignKeyConstraint([topic_key, "question_id"], [f"{table}.{topic_key}", f"{table}.id"]),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint(
            f"answers BETWEEN 0 AND CASE WHEN question_id IS NULL THEN {MOST_ANSWERS} ELSE 0 END",
            name="answers",
        ),
        # The questions about one thing, and the answers to each.
        Index(f"ix_{table}_questions", topic_key, "id", postgresql_where=is_question),
        Index(f"ix_{table}_answers", topic_key, "question_id", "id", postgresql_where=is_answer),
        Index(f"ix_{table}_author_id", "author_id", "id"),  # those of one user, for exports
    )


def version_constraints(table: str, topic_key: str) -> tuple[Any, ...]:
    """The constraints and indexes of a table of versions.

    Args:
        table: The name of the table of the posts.
        topic_key: The column with the id of the thing that the questions are about.
    """
    return (
        ForeignKeyConstraint([topic_key, "post_id"], [f"{table}.{topic_key}", f"{table}.id"]),
        CheckConstraint("number > 0", name="number"),
        Index(f"ix_{table.removesuffix('s')}_versions_author_id", "author_id"),  # for erasure
    )


class CleaningPostVersion(PostVersion, table=True):
    """An earlier version of a question about a job, or of an answer to one."""

    __tablename__ = "cleaning_post_versions"
    __table_args__ = version_constraints("cleaning_posts", "cleaning_id")

    cleaning_id: UUID = Field(primary_key=True)
    post_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)


class CleaningPost(Post, table=True):
    """A question about a job, or an answer to one."""

    __tablename__ = "cleaning_posts"
    __table_args__ = post_constraints("cleaning_posts", "cleaning_id")
    topic_key: ClassVar[str] = "cleaning_id"
    version_class: ClassVar[type[PostVersion]] = CleaningPostVersion
    question_events: ClassVar[type[EventKind]] = QuestionEvent
    answer_events: ClassVar[type[EventKind]] = AnswerEvent

    cleaning_id: UUID = Field(primary_key=True, foreign_key="cleanings.id")
    id: UUID = id_field()
