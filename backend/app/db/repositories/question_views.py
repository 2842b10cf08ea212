"""How questions and answers look to the caller."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Uuid, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.core.errors import NotFound
from app.db.models.cleanings import CleaningNotFound
from app.db.models.package_questions import PackagePost
from app.db.models.packages import PackageNotFound
from app.db.models.question_shapes import AnswerPublic, QuestionPublic, QuestionStatus
from app.db.models.questions import CleaningPost, Post
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.package_views import visible_package
from app.db.repositories.person_views import Person
from app.db.repositories.views import visible_cleaning
from app.postgres.statements import Rows, argument, col, inline

TOPIC_ID = argument("topic_id", Uuid())
QUESTION_ID = argument("question_id", Uuid())
ANSWER_ID = argument("answer_id", Uuid())
POST_ID = argument("post_id", Uuid())


class PostView:
    """A question or an answer, to be shown with its author.

    Args:
        post: The table class of the posts, or an alias of it.
    """

    def __init__(self, post: Any) -> None:
        self.post = post
        self.author = Person(col(post.author_id))

    @property
    def kept(self) -> ColumnElement[bool]:
        """Whether the text is neither deleted nor erased."""
        return and_(col(self.post.deleted_at).is_(None), col(self.post.text).is_not(None))

    @property
    def shown(self) -> ColumnElement[bool]:
        """Whether the post is neither hidden nor by a blocked author."""
        return and_(col(self.post.hidden_at).is_(None), col(self.author.user.blocked_at).is_(None))

    @property
    def seen(self) -> ColumnElement[bool]:
        """Whether the caller may know of the post: of a hidden one, only its author does."""
        return or_(col(self.post.author_id) == CALLER_ID, self.shown)

    @property
    def hidden(self) -> ColumnElement[bool]:
        """Whether the post is hidden."""
        return col(self.post.hidden_at).is_not(None)


class AnswerView(PostView):
    """An answer, to be shown with its author."""

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whether the caller sees the answer, if they see the question."""
        return and_(self.kept, self.seen)

    @property
    def json(self) -> ColumnElement[Any]:
        """The answer as JSON."""
        return json_object(AnswerPublic, self.post, author=self.author.json, hidden=self.hidden)


class QuestionView(PostView):
    """A question, to be shown with its author and its answers.

    Args:
        posts: The table class of the posts.
        post: An alias of it for the question, or the class itself.
    """

    def __init__(self, posts: type[Post], post: Any = None) -> None:
        super().__init__(posts if post is None else post)
        self._posts = posts

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whether the caller sees the question, if they see the thing that it is about."""
        return and_(or_(self.kept, self.has_answers), self.seen)

    @property
    def has_answers(self) -> ColumnElement[bool]:
        """Whether the question has answers that the caller sees."""
        view, found = self._found_answers
        # An EXISTS would be answered by reading all posts.
        first = found.add_columns(col(view.post.id)).limit(inline(1)).scalar_subquery()
        return and_(self._may_have_answers, first.is_not(None))

    @property
    def json(self) -> ColumnElement[Any]:
        """The question as JSON, without author and text if it was deleted."""
        return json_object(
            QuestionPublic,
            self.post,
            author=case((self.kept, self.author.json)),
            text=case((self.kept, col(self.post.text))),
            status=case(
                (self.has_answers, inline(QuestionStatus.ANSWERED)),
                else_=inline(QuestionStatus.ASKED),
            ),
            deleted=~self.kept,
            hidden=self.hidden,
            answers=self._answers,
        )

    @property
    def _answers(self) -> ColumnElement[Any]:
        view, found = self._found_answers
        items = func.json_agg(aggregate_order_by(view.json, col(view.post.id)))
        answers = found.add_columns(items).scalar_subquery()
        return func.coalesce(case((self._may_have_answers, answers)), func.json_build_array())

    @property
    def _may_have_answers(self) -> ColumnElement[bool]:
        """Whether there are answers, perhaps unseen ones. It spares most questions a search."""
        return col(self.post.answers) > inline(0)

    @property
    def _found_answers(self) -> tuple[AnswerView, Rows]:
        """The view of the answers that the caller sees, and the SELECT of them."""
        answer = aliased(self._posts)
        view, key = AnswerView(answer), self._posts.topic_key
        return view, (
            select()
            .select_from(view.author.joined(answer))
            .where(
                getattr(answer, key) == getattr(self.post, key),
                col(answer.question_id) == self.post.id,
                view.visible,
            )
            .correlate(self.post)
        )


class Topic(NamedTuple):
    """A kind of thing that questions are about.

    Args:
        posts: The table class of its questions and answers.
        visible: Selects the id of the thing `TOPIC_ID`, if the caller sees it.
        missing: The error if they don't.
    """

    posts: type[Post]
    visible: Rows
    missing: type[NotFound]


CLEANINGS = Topic(CleaningPost, visible_cleaning(TOPIC_ID), CleaningNotFound)
PACKAGES = Topic(PackagePost, visible_package(TOPIC_ID), PackageNotFound)


def visible_question(topic: Topic) -> tuple[QuestionView, Rows]:
    """The view of the question `QUESTION_ID`, and the SELECT of it, if the caller sees it."""
    question = aliased(topic.posts)
    view = QuestionView(topic.posts, question)
    return view, (
        select()
        .select_from(view.author.joined(question))
        .where(
            getattr(question, topic.posts.topic_key) == topic.visible.scalar_subquery(),
            col(question.id) == QUESTION_ID,
            col(question.question_id).is_(None),
            view.visible,
        )
    )


def visible_answer(topic: Topic) -> tuple[AnswerView, Rows]:
    """The view of the answer `ANSWER_ID`, and the SELECT of it, if the caller sees it."""
    question, found = visible_question(topic)
    answer = aliased(topic.posts)
    view = AnswerView(answer)
    return view, (
        select()
        .select_from(view.author.joined(answer))
        .where(
            getattr(answer, topic.posts.topic_key) == TOPIC_ID,
            col(answer.question_id) == found.add_columns(col(question.post.id)).scalar_subquery(),
            col(answer.id) == ANSWER_ID,
            view.visible,
        )
    )
