"""The queries of questions and answers."""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, select
from sqlalchemy.orm import aliased

from app.core.security.tokens import Bearer
from app.db.models.questions import AnswerNotFound, Post, PostKey, PostVersion, QuestionNotFound
from app.db.repositories.base import Item, ItemQuery
from app.db.repositories.blocks import finds
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.question_views import (
    ANSWER_ID,
    POST_ID,
    QUESTION_ID,
    TOPIC_ID,
    AnswerView,
    QuestionView,
    Topic,
    visible_answer,
    visible_question,
)
from app.postgres.statements import Source, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction


class Locks(NamedTuple):
    """The statements that lock posts."""

    question: RowQuery[Any]
    """A question."""
    answer: RowQuery[Any]
    """An answer to it."""
    seen_question: RowQuery[Any]
    """A question that the caller may know of."""
    seen_answer: RowQuery[Any]
    """An answer that the caller may know of."""
    any: RowQuery[Any]
    """A question or an answer, also a deleted one, which is not locked."""


@cache
def _locks(posts: type[Post]) -> Locks:
    here = getattr(posts, posts.topic_key) == TOPIC_ID

    def lock(view: Any, *conditions: Any) -> RowQuery[Any]:
        found = select(posts).select_from(view.author.joined(posts)).where(here, *conditions)
        return RowQuery(found.with_for_update(key_share=True, of=posts))

    question, answer = QuestionView(posts), AnswerView(posts)
    is_question = col(posts.id) == QUESTION_ID, col(posts.question_id).is_(None)
    is_answer = (
        col(posts.id) == ANSWER_ID,
        col(posts.question_id) == QUESTION_ID,
        answer.kept,
    )
    return Locks(
        lock(question, *is_question),
        lock(answer, *is_answer),
        lock(question, *is_question, question.visible),
        lock(answer, *is_answer, answer.seen),
        RowQuery(
            select(posts).where(
                here,
                col(posts.id) == POST_ID,
                col(posts.question_id).is_not_distinct_from(argument("of_question_id", Uuid())),
            )
        ),
    )


class QuestionRepository:
    """The questions and answers about one kind of thing, in a unit of work.

    The thing itself is locked before.

    Args:
        transaction: The unit of work.
        posts: The table class of the questions and answers.
    """

    def __init__(self, transaction: Transaction, posts: type[Post]) -> None:
        self._transaction = transaction
        self._locks = _locks(posts)

    def add(self, row: Post | PostVersion) -> None:
        """Adds a new question or answer, or an earlier version of one."""
        self._transaction.add(row)

    async def lock_question(self, key: PostKey, caller_id: UUID | None = None) -> Post:
        """A question, also a deleted one, locked until the end of the transaction.

        Args:
            key: Its key.
            caller_id: The caller, if only questions that they may know of are meant.

        Raises:
            QuestionNotFound: There is none.
        """
        query = self._locks.question if caller_id is None else self._locks.seen_question
        question: Post | None = await self._transaction.one(
            query, **key._asdict(), caller_id=caller_id
        )
        if question is None:
            raise QuestionNotFound
        return question

    async def lock_answer(self, key: PostKey, caller_id: UUID | None = None) -> Post:
        """An answer, locked until the end of the transaction. Its question is locked before.

        Args:
            key: Its key.
            caller_id: The caller, if only answers that they may know of are meant.

        Raises:
            AnswerNotFound: There is none.
        """
        query = self._locks.answer if caller_id is None else self._locks.seen_answer
        answer: Post | None = await self._transaction.one(
            query, **key._asdict(), caller_id=caller_id
        )
        if answer is None:
            raise AnswerNotFound
        return answer

    async def find(self, key: PostKey) -> Post:
        """A question or an answer, also a deleted or hidden one. It is not locked.

        Raises:
            QuestionNotFound: There is no such question.
            AnswerNotFound: There is no such answer.
        """
        post: Post | None = await self._transaction.one(
            self._locks.any,
            topic_id=key.topic_id,
            post_id=key.answer_id or key.question_id,
            of_question_id=key.question_id if key.answer_id else None,
        )
        if post is None:
            raise AnswerNotFound if key.answer_id else QuestionNotFound
        return post


@cache
def _page(topic: Topic, shape: PageShape, *, for_visitors: bool) -> PageQuery:
    question = aliased(topic.posts)
    view = QuestionView(topic.posts, question)
    return PageQuery(
        select()
        .select_from(view.author.joined(question))
        .where(
            getattr(question, topic.posts.topic_key) == TOPIC_ID,
            col(question.question_id).is_(None),
            finds(col(question.author_id)),
            view.visible,
        ),
        item=view.json,
        keys=[col(question.id)],
        shape=shape,
        descending=False,
        within=topic.visible,
        missing=topic.missing,
        for_visitors=for_visitors,
    )


@cache
def _question(topic: Topic, *, for_visitors: bool) -> ItemQuery:
    view, found = visible_question(topic)
    return ItemQuery(
        found,
        item=view.json,
        version=col(view.post.version),
        missing=QuestionNotFound,
        for_visitors=for_visitors,
    )


@cache
def _answer(topic: Topic, *, for_visitors: bool) -> ItemQuery:
    view, found = visible_answer(topic)
    return ItemQuery(
        found,
        item=view.json,
        version=col(view.post.version),
        missing=AnswerNotFound,
        for_visitors=for_visitors,
    )


class QuestionReader:
    """Reads of questions and answers.

    Args:
        source: The database or the transaction.
        topic: The kind of thing that they are about.
    """

    def __init__(self, source: Source, topic: Topic) -> None:
        self._source, self._topic = source, topic

    async def page(self, caller: Bearer | None, topic_id: UUID, request: PageRequest) -> Page:
        """The questions about a thing that the caller or a visitor sees, oldest first.

        Raises:
            NotFound: The caller sees no such thing.
        """
        query = _page(self._topic, request.shape, for_visitors=caller is None)
        return await query.page(self._source, caller, request, topic_id=topic_id)

    async def question(self, caller: Bearer | None, key: PostKey) -> Item:
        """A question, as the caller or a visitor sees it.

        Raises:
            QuestionNotFound: They see no such question.
        """
        query = _question(self._topic, for_visitors=caller is None)
        return await query.one(self._source, caller, **key._asdict())

    async def answer(self, caller: Bearer | None, key: PostKey) -> Item:
        """An answer, as the caller or a visitor sees it.

        Raises:
            AnswerNotFound: They see no such answer.
        """
        query = _answer(self._topic, for_visitors=caller is None)
        return await query.one(self._source, caller, **key._asdict())
