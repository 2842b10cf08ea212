"""The queries of versions of questions and answers."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all

from app.core.errors import NotFound
from app.core.security.tokens import Bearer
from app.db.models.question_shapes import VersionPublic
from app.db.models.questions import AnswerNotFound, Post, PostKey, QuestionNotFound
from app.db.repositories.base import json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.db.repositories.question_views import (
    ANSWER_ID,
    POST_ID,
    QUESTION_ID,
    TOPIC_ID,
    Topic,
    visible_answer,
    visible_question,
)
from app.postgres.statements import Rows, Source, col


def _versions(
    posts: type[Post],
    post_id: Any,
    shape: PageShape,
    within: Rows | None = None,
    missing: type[NotFound] | None = None,
) -> PageQuery:
    """The present version of a post, and the earlier ones."""
    version: Any = posts.version_class
    present = select(
        col(posts.revision).label("number"),
        col(posts.text).label("text"),
        func.coalesce(col(posts.edited_at), col(posts.created_at)).label("written_at"),
    ).where(
        getattr(posts, posts.topic_key) == TOPIC_ID,
        col(posts.id) == post_id,
        col(posts.text).is_not(None),
    )
    earlier = part(
        select(version.number, version.text, version.written_at).where(
            getattr(version, posts.topic_key) == TOPIC_ID, version.post_id == post_id
        ),
        [version.number],
        shape,
        by_index=True,
    ).subquery()
    versions = union_all(present, select(earlier)).subquery()
    return PageQuery(
        select().select_from(versions),
        item=json_object(VersionPublic, versions.c),
        keys=[versions.c.number],
        shape=shape,
        within=within,
        missing=missing,
    )


@cache
def _of_question(topic: Topic, shape: PageShape) -> PageQuery:
    view, found = visible_question(topic)
    within = found.add_columns(col(view.post.id)).where(view.kept, view.shown)
    return _versions(topic.posts, QUESTION_ID, shape, within, QuestionNotFound)


@cache
def _of_answer(topic: Topic, shape: PageShape) -> PageQuery:
    view, found = visible_answer(topic)
    within = found.add_columns(col(view.post.id)).where(view.shown)
    return _versions(topic.posts, ANSWER_ID, shape, within, AnswerNotFound)


@cache
def _kept(topic: Topic, shape: PageShape) -> PageQuery:
    return _versions(topic.posts, POST_ID, shape)


class VersionReader:
    """Reads of versions of questions and answers, newest first.

    Args:
        source: The database or the transaction.
        topic: The kind of thing that the questions are about.
    """

    def __init__(self, source: Source, topic: Topic) -> None:
        self._source, self._topic = source, topic

    async def of_question(self, caller: Bearer, key: PostKey, request: PageRequest) -> Page:
        """All versions of a question.

        Raises:
            QuestionNotFound: The caller sees no such question, or it was deleted, or is hidden.
        """
        query = _of_question(self._topic, request.shape)
        return await query.page(self._source, caller, request, **key._asdict())

    async def of_answer(self, caller: Bearer, key: PostKey, request: PageRequest) -> Page:
        """All versions of an answer.

        Raises:
            AnswerNotFound: The caller sees no such answer, or it is hidden.
        """
        query = _of_answer(self._topic, request.shape)
        return await query.page(self._source, caller, request, **key._asdict())

    async def kept(
        self, caller: Bearer, topic_id: UUID, post_id: UUID, request: PageRequest
    ) -> Page:
        """All versions of a question or an answer, for staff: also of a deleted or hidden one."""
        query = _kept(self._topic, request.shape)
        return await query.page(self._source, caller, request, topic_id=topic_id, post_id=post_id)
