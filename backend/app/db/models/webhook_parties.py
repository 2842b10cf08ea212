"""The users who have a part in the subjects of events, and whether they may see them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import aliased

from app.db.models.cleanings import Cleaning
from app.db.models.events import Event, fact
from app.db.models.kinds import EventKind, Scope
from app.db.models.kinds.hiding import OF_HIDING
from app.db.models.kinds.questions import QuestionScope
from app.db.models.offers import Offer
from app.db.models.packages import Package
from app.db.models.states.offers import OfferStatus
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


class Audience(NamedTuple):
    """The users who get the events of a subject.

    Args:
        kinds: The kinds of the events.
        scope: The scope that an API key needs; None if keys can't read the subject.
        subject: The table class of the subject.
        key: The condition that selects the subject of an event.
        parties: The users who have a part in it. The first ones own it: they see it always.
    """

    kinds: type[EventKind]
    scope: Scope | None
    subject: type[Any]
    key: ColumnElement[bool]
    parties: Sequence[Party]


def by_id(subject: type[Any]) -> ColumnElement[bool]:
    """The key of a subject that is found by its id alone."""
    return col(subject.id) == Event.subject_id


def within_job(subject: type[Any]) -> ColumnElement[bool]:
    """The key of a subject that belongs to a job."""
    return and_(col(subject.cleaning_id) == Event.cleaning_id, by_id(subject))


def within_package(subject: type[Any]) -> ColumnElement[bool]:
    """The key of a subject that belongs to a package."""
    return and_(col(subject.package_id) == fact("package_id"), by_id(subject))


def offerers() -> Party:
    """The cleaners of offers for a job: they see it unless it, or its owner, is out of view."""
    owner = aliased(User)
    states = (OfferStatus.PENDING, OfferStatus.ACCEPTED, OfferStatus.SUPERSEDED)
    booked = col(Offer.status) == inline(OfferStatus.ACCEPTED)
    return Party(
        col(Offer.cleaner_id),
        (
            (Offer, col(Offer.cleaning_id) == Cleaning.id),
            (owner, col(owner.id) == Cleaning.owner_id),
        ),
        and_(
            ON_VIEW,
            col(Offer.status).in_([inline(state) for state in states]),
            col(Cleaning.deleted_at).is_(None),
            col(owner.blocked_at).is_(None),
            or_(col(Cleaning.hidden_at).is_(None), booked),
        ),
    )


def shows_job(asker: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an asker sees the job of a question: a hidden one only as its booked cleaner."""
    is_booked = booked_cleaner(Cleaning) == asker
    return and_(
        col(Cleaning.deleted_at).is_(None), or_(col(Cleaning.hidden_at).is_(None), is_booked)
    )


def shows_package(_: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an asker sees the package of a question."""
    return is_offered(Package)


def of_posts(
    kinds: type[EventKind],
    post: type[Any],
    key: Callable[[type[Any]], ColumnElement[bool]],
    topic: type[Any],
    asked: ColumnElement[Any],
    is_shown_to: Callable[[ColumnElement[Any]], ColumnElement[bool]],
) -> Audience:
    """The audience of a question or an answer: its author, the user asked, and the asker.

    Args:
        kinds: The kinds of the events.
        post: The table class of the posts.
        key: The key of a post.
        topic: The table class of the things that the questions are about.
        asked: The user that a thing belongs to.
        is_shown_to: Whether an asker sees the thing, unless the account of this user is blocked.
    """
    question, owner = aliased(post), aliased(User)
    of_topic = col(topic.id) == getattr(post, post.topic_key)
    of_question = and_(
        getattr(question, post.topic_key) == getattr(post, post.topic_key),
        col(question.id) == post.question_id,
    )
    shown = and_(ON_VIEW, col(post.hidden_at).is_(None))
    asker = col(question.author_id)
    return Audience(
        kinds,
        QuestionScope.READ,
        post,
        key(post),
        (
            Party(col(post.author_id)),
            Party(asked, ((topic, of_topic),), shown),
            Party(
                asker,
                ((question, of_question), (topic, of_topic), (owner, col(owner.id) == asked)),
                and_(shown, is_shown_to(asker), col(owner.blocked_at).is_(None)),
            ),
        ),
    )
