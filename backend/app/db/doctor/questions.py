"""Checks of questions and answers."""

from typing import Any

from sqlalchemy import Text, and_, case, cast, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from app.db.doctor.check import Check
from app.db.doctor.log import differing, told
from app.db.models.cleanings import Cleaning
from app.db.models.kinds import EventKind
from app.db.models.questions import CleaningPost, Post
from app.postgres.statements import col


def _topic(posts: Any) -> Any:
    return getattr(posts, posts.topic_key)


def _topic_of(version: Any, posts: type[Post]) -> Any:
    return getattr(version, posts.topic_key)


def _by_the_asked(posts: type[Post], owner_id: Any) -> Any:
    """Questions of the users who are asked themselves."""
    asked = owner_id.class_
    return (
        select(col(posts.id))
        .join(asked, asked.id == _topic(posts))
        .where(col(posts.question_id).is_(None), col(posts.author_id) == owner_id)
    )


def _by_strangers(posts: type[Post], owner_id: Any) -> Any:
    """Answers of others than the asker and the user who is asked, or to answers."""
    question: Any = aliased(posts)
    asked = owner_id.class_
    return (
        select(col(posts.id))
        .join(
            question,
            and_(_topic(question) == _topic(posts), question.id == posts.question_id),
        )
        .join(asked, asked.id == _topic(posts))
        .where(
            or_(
                col(posts.author_id).not_in([question.author_id, owner_id]),
                question.question_id.is_not(None),
            )
        )
    )


def _miscounted(posts: type[Post]) -> Any:
    answer: Any = aliased(posts)
    counted = (
        select(func.count())
        .where(
            _topic(answer) == _topic(posts),
            answer.question_id == posts.id,
            answer.deleted_at.is_(None),
        )
        .scalar_subquery()
    )
    return select(col(posts.id)).where(col(posts.answers) != counted)


def _with_gaps(posts: type[Post]) -> Any:
    """Posts without exactly the versions before the present one; erased ones have none."""
    version: Any = posts.version_class
    expected = case((col(posts.text).is_(None), 0), else_=posts.revision - 1)
    of_post = and_(_topic_of(version, posts) == _topic(posts), version.post_id == posts.id)
    return (
        select(col(posts.id))
        .outerjoin(version, of_post)
        .group_by(_topic(posts), col(posts.id))
        .having(
            or_(
                func.count(version.number) != expected,
                func.coalesce(func.max(version.number), 0) != expected,
                (col(posts.revision) > 1) != col(posts.edited_at).is_not(None),
            )
        )
    )


def _untold(posts: Any, cleaning_id: Any) -> Any:
    """Differences between the events and what has happened."""
    edits = func.generate_series(2, posts.revision).table_valued("number")
    is_question = col(posts.question_id).is_(None)

    def of(kinds: type[EventKind], found: Any) -> Any:
        def happened(kind: str) -> Any:
            event = cast(literal(kind), Text)
            return select(posts.id, event, cleaning_id, posts.author_id).where(found)

        return differing(
            told(kinds("created"), kinds("edited"), kinds("deleted")),
            union_all(
                happened("created"),
                happened("edited").join(edits, true()),
                happened("deleted").where(col(posts.deleted_at).is_not(None)),
            ),
        )

    return union_all(of(posts.question_events, is_question), of(posts.answer_events, ~is_question))


def checks_of(posts: type[Post], owner_id: Any, cleaning_id: Any, prefix: str = "") -> list[Check]:
    """The checks of the questions about one kind of thing.

    Args:
        posts: The table class of the questions and answers.
        owner_id: The column of the user who is asked, of the table of the things.
        cleaning_id: The job of the events of a question; null if it is about another thing.
        prefix: The prefix of the names of the checks.
    """
    return [
        Check(
            f"{prefix}questions_of_others",
            "Questions are asked by other users than the one who is asked.",
            _by_the_asked(posts, owner_id),
        ),
        Check(
            f"{prefix}answers_of_sides",
            "Questions are answered by the asker and the user who is asked.",
            _by_strangers(posts, owner_id),
        ),
        Check(
            f"{prefix}answers_counted",
            "A question has the number of its answers that are not deleted.",
            _miscounted(posts),
        ),
        Check(
            f"{prefix}question_versions",
            "Each question and answer has all its earlier versions, unless it was erased.",
            _with_gaps(posts),
        ),
        Check(
            f"events_of_{prefix}questions",
            "Each creation, edit and deletion of a question or an answer has an event, by its "
            "author.",
            _untold(posts, cleaning_id),
        ),
    ]


CHECKS = checks_of(CleaningPost, Cleaning.owner_id, CleaningPost.cleaning_id)
