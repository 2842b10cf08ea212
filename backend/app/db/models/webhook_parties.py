"""Audiences of webhooks: their shape, and their parts for jobs and questions."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased

from app.db.models.cleanings import Cleaning
from app.db.models.kinds import EventKind, Scope
from app.db.models.kinds.questions import QuestionScope
from app.db.models.offers import Offer
from app.db.models.parties import ON_VIEW, Party
from app.db.models.states.offers import OfferStatus
from app.db.models.users import User
from app.postgres.statements import col, inline


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


def of_posts(
    kinds: type[EventKind],
    post: type[Any],
    key: Callable[[type[Any]], ColumnElement[bool]],
    asked: Party,
    asker: Party,
) -> Audience:
    """The audience of a question or an answer: its author, the user asked, and the asker.

    Args:
        kinds: The kinds of the events.
        post: The table class of the posts.
        key: The key of a post.
        asked: The user that the thing belongs to that the question is about.
        asker: The author of the question of an answer.
    """
    parties = Party(col(post.author_id)), asked, asker
    return Audience(kinds, QuestionScope.READ, post, key(post), parties)
