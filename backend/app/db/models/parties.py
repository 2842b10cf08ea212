"""The users who have a part in the subjects of events, and whether they may see them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, join, or_, select, true
from sqlalchemy.orm import aliased

from app.db.models.cleanings import Cleaning
from app.db.models.events import Event, fact
from app.db.models.kinds.hiding import OF_HIDING
from app.db.models.offers import Offer
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.db.models.questions import CleaningPost
from app.db.models.users import User
from app.db.models.visibility import booked_cleaner, is_offered
from app.postgres.statements import col, inline

ON_VIEW = col(Event.kind).not_in([inline(kind) for kind in OF_HIDING])
"""Hiding is known to the user that a thing belongs to, and to staff."""


class Party(NamedTuple):
    """Users who have a part in the subject of an event.

    Args:
        user_id: Their id.
        to: Further tables by which they are found: each with its condition.
        sees: Whether they may see the subject.
    """

    user_id: ColumnElement[Any]
    to: Sequence[tuple[Any, ColumnElement[bool]]] = ()
    sees: ColumnElement[bool] = true()

    def joined(self, subjects: Any) -> Any:
        """Subjects, joined with the further tables."""
        for table, condition in self.to:
            subjects = join(subjects, table, condition)
        return subjects


def by_id(subject: type[Any]) -> ColumnElement[bool]:
    """The key of a subject that is found by its id alone."""
    return col(subject.id) == Event.subject_id


def within_job(subject: type[Any]) -> ColumnElement[bool]:
    """The key of a subject that belongs to a job."""
    return and_(col(subject.cleaning_id) == Event.cleaning_id, by_id(subject))


def within_package(subject: type[Any]) -> ColumnElement[bool]:
    """The key of a subject that belongs to a package."""
    return and_(col(subject.package_id) == fact("package_id"), by_id(subject))


def _of_topic(post: type[Any], topic: type[Any]) -> tuple[Any, ColumnElement[bool]]:
    """The topic of a question or an answer."""
    return topic, col(topic.id) == getattr(post, post.topic_key)


def _of_question(post: type[Any], question: Any) -> ColumnElement[bool]:
    """Whether a question is that of an answer."""
    return and_(
        getattr(question, post.topic_key) == getattr(post, post.topic_key),
        col(question.id) == post.question_id,
    )


def _asked(post: type[Any], topic: type[Any], owner_id: ColumnElement[Any]) -> Party:
    """The user that the topic of a post belongs to.

    They see neither hidden posts, with their answers, nor those of blocked accounts.

    Args:
        post: The table class of the posts.
        topic: The table class of the topics.
        owner_id: The user that a topic belongs to.
    """
    question = aliased(post)
    found = select(col(question.hidden_at)).where(_of_question(post, question))
    hidden_at = found.correlate_except(question).scalar_subquery()
    author = aliased(User)
    return Party(
        owner_id,
        (_of_topic(post, topic), (author, col(author.id) == post.author_id)),
        and_(
            ON_VIEW,
            col(post.hidden_at).is_(None),
            hidden_at.is_(None),
            col(author.blocked_at).is_(None),
        ),
    )


def _asker(post: type[Any], topic: type[Any], owner_id: ColumnElement[Any]) -> Party:
    """The author of the question of an answer: they see it while they see the topic.

    Args:
        post: The table class of the posts.
        topic: The table class of the topics.
        owner_id: The user that a topic belongs to.
    """
    question, owner = aliased(post), aliased(User)
    return Party(
        col(question.author_id),
        (
            (question, _of_question(post, question)),
            _of_topic(post, topic),
            (owner, col(owner.id) == owner_id),
        ),
        and_(ON_VIEW, col(post.hidden_at).is_(None), col(owner.blocked_at).is_(None)),
    )


def _job_asker() -> Party:
    """The asker of a question about a job: a hidden one is seen only by its booked cleaner."""
    asker = _asker(CleaningPost, Cleaning, col(Cleaning.owner_id))
    is_booked = booked_cleaner(Cleaning) == asker.user_id
    is_seen = or_(col(Cleaning.hidden_at).is_(None), is_booked)
    return asker._replace(sees=and_(asker.sees, col(Cleaning.deleted_at).is_(None), is_seen))


def _package_asker() -> Party:
    """The asker of a question about a package."""
    asker = _asker(PackagePost, Package, col(Package.seller_id))
    return asker._replace(sees=and_(asker.sees, is_offered(Package)))


JOB_ASKER, PACKAGE_ASKER = _job_asker(), _package_asker()
"""The authors of the questions of answers, about jobs and about packages."""

JOB_ASKED = _asked(CleaningPost, Cleaning, col(Cleaning.owner_id))
PACKAGE_ASKED = _asked(PackagePost, Package, col(Package.seller_id))
"""The users that the topics of questions and answers belong to."""

OFFER_OWNER = Party(
    col(Cleaning.owner_id),
    ((Cleaning, col(Cleaning.id) == Event.cleaning_id),),
    and_(ON_VIEW, col(Offer.hidden_at).is_(None), col(Cleaning.deleted_at).is_(None)),
)
"""The owner of the job of an offer."""
