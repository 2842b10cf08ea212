"""The queries of evaluations."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.bookings import Role
from app.db.models.evaluations import (
    STARS,
    AlreadyEvaluated,
    Evaluation,
    EvaluationNotFound,
    EvaluationPublic,
    EvaluationStats,
    Rating,
)
from app.db.models.profiles import Profile, ProfileNotFound
from app.db.models.users import User
from app.db.repositories.base import (
    BOOKING_ID,
    CALLER_ID,
    CLEANING_ID,
    EVALUATION_ID,
    USER_ID,
    Item,
    ItemQuery,
    Query,
    json_object,
)
from app.db.repositories.constraints import constraints
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.db.repositories.people import PERSON_ID, person
from app.db.repositories.person_views import HAS_PROFILE, Person, is_open
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

ROLE = argument("role", Text())
OF_EVALUATION = (
    col(Evaluation.cleaning_id) == CLEANING_ID,
    col(Evaluation.booking_id) == BOOKING_ID,
    col(Evaluation.id) == EVALUATION_ID,
)
COUNTS = ("role", "total", "no_shows", *STARS)


def _starting_rating() -> Statement:
    nothing = Rating(user_id=UUID(int=0), role=Role.CLEANER)
    counts = nothing.model_dump(exclude={"user_id", "role"}, exclude_none=True)
    return Statement(
        insert(Rating).values(user_id=USER_ID, role=ROLE, **counts).on_conflict_do_nothing()
    )


class EvaluationRepository:
    """The evaluations, in a unit of work."""

    _locking = RowQuery(select(Evaluation).where(*OF_EVALUATION).with_for_update(key_share=True))
    _starting_rating = _starting_rating()
    _locking_rating = RowQuery(
        select(Rating)
        .where(col(Rating.user_id) == USER_ID, col(Rating.role) == ROLE)
        .with_for_update()
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, evaluation: Evaluation) -> None:
        """Adds a new evaluation, and counts it in the rating of its subject.

        Raises:
            AlreadyEvaluated: Its author has evaluated the booking before.
        """
        with constraints({"uq_evaluations_cleaning_id_booking_id_role": AlreadyEvaluated}):
            self._transaction.add(evaluation)
            await self._transaction.flush()
        await self._starting_rating.fetch(self._transaction, **_rated(evaluation))
        rating = await self.lock_rating(evaluation)
        rating.count(evaluation)

    async def lock(self, cleaning_id: UUID, booking_id: UUID, evaluation_id: UUID) -> Evaluation:
        """An evaluation, locked until the end of the transaction.

        Raises:
            EvaluationNotFound: The booking has no such evaluation.
        """
        evaluation = await self._transaction.one(
            self._locking,
            cleaning_id=cleaning_id,
            booking_id=booking_id,
            evaluation_id=evaluation_id,
        )
        if evaluation is None:
            raise EvaluationNotFound
        return evaluation

    async def lock_rating(self, evaluation: Evaluation) -> Rating:
        """What an evaluation counts in, locked until the end of the transaction."""
        (rating,) = await self._transaction.all(self._locking_rating, **_rated(evaluation))
        return rating


def _rated(evaluation: Evaluation) -> dict[str, Any]:
    return {"user_id": evaluation.subject_id, "role": evaluation.role}


def _own() -> ItemQuery:
    source, item = _view()
    return ItemQuery(
        select()
        .select_from(source)
        .where(
            col(Evaluation.cleaning_id) == CLEANING_ID,
            col(Evaluation.booking_id) == BOOKING_ID,
            col(Evaluation.author_id) == CALLER_ID,
        ),
        item=item,
        # All that changes of an evaluation is whether it is hidden.
        version=case((col(Evaluation.hidden_at).is_(None), inline(1)), else_=inline(2)),
        missing=EvaluationNotFound,
    )


def _one(*, for_visitors: bool) -> ItemQuery:
    source, item = _view()
    is_on_profile = RATED.where(col(User.id) == Evaluation.subject_id).correlate(Evaluation)
    return ItemQuery(
        select()
        .select_from(source)
        .where(
            *OF_EVALUATION,
            or_(
                col(Evaluation.author_id) == CALLER_ID,
                col(Evaluation.hidden_at).is_(None),
            ),
            *([is_on_profile.exists()] if for_visitors else []),
        ),
        item=item,
        version=inline(1),
        missing=EvaluationNotFound,
        for_visitors=for_visitors,
    )


def _view(evaluation: Any = Evaluation) -> tuple[Any, ColumnElement[Any]]:
    """What to select evaluations from, and one evaluation as JSON."""
    author, subject = Person(col(evaluation.author_id)), Person(col(evaluation.subject_id))
    item = json_object(
        EvaluationPublic,
        evaluation,
        hidden=col(evaluation.hidden_at).is_not(None),
        author=author.json,
        subject=subject.json,
    )
    return author.joined(subject.joined(evaluation)), item


def _of_booking() -> Query:
    source, item = _view()
    is_shown = or_(
        col(Evaluation.author_id) == CALLER_ID,
        and_(col(Evaluation.subject_id) == CALLER_ID, col(Evaluation.hidden_at).is_(None)),
    )
    return Query(
        select(cast(item, Text).label("item"))
        .select_from(source)
        .where(
            col(Evaluation.cleaning_id) == CLEANING_ID,
            col(Evaluation.booking_id) == BOOKING_ID,
            is_shown,
        )
    )


RATED = (
    select(col(User.id))
    .join(Profile, col(Profile.user_id) == User.id)
    .where(*HAS_PROFILE, is_open(Profile))
)
"""The users whose evaluations are shown on their profiles."""
SUBJECT = RATED.where(col(User.id) == PERSON_ID)


@cache
def _of_subject(shape: PageShape, *, for_visitors: bool) -> PageQuery:
    of_subject = select(Evaluation).where(
        col(Evaluation.subject_id) == SUBJECT.scalar_subquery(),
        col(Evaluation.role) == ROLE,
        col(Evaluation.hidden_at).is_(None),
    )
    chosen = part(of_subject, [col(Evaluation.id)], shape, by_index=True).subquery()
    evaluation = aliased(Evaluation, chosen)
    source, item = _view(evaluation)
    return PageQuery(
        select().select_from(source),
        item=item,
        keys=[col(evaluation.id)],
        shape=shape,
        within=SUBJECT,
        missing=ProfileNotFound,
        for_visitors=for_visitors,
    )


def _ratings(*, for_visitors: bool) -> Query:
    return Query(
        SUBJECT,
        select(*(col(getattr(Rating, name)) for name in COUNTS)).where(
            col(Rating.user_id) == SUBJECT.scalar_subquery()
        ),
        for_visitors=for_visitors,
    )


class EvaluationReader:
    """Reads of evaluations: all of them."""

    _own = _own()
    _seen, _seen_by_visitors = (_one(for_visitors=it) for it in (False, True))
    _of_booking = _of_booking()
    _for_members, _for_visitors = (_ratings(for_visitors=it) for it in (False, True))

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(EvaluationNotFound)
    async def own(self, caller: Bearer, cleaning_id: UUID, booking_id: UUID) -> Item:
        """What the caller has said after a booking."""
        return await self._own.one(
            self._source, caller, cleaning_id=cleaning_id, booking_id=booking_id
        )

    @raises(EvaluationNotFound)
    async def one(
        self, caller: Bearer | None, cleaning_id: UUID, booking_id: UUID, evaluation_id: UUID
    ) -> Item:
        """An evaluation that the caller sees; a visitor, on a profile that is open to them."""
        query = self._seen if caller else self._seen_by_visitors
        return await query.one(
            self._source,
            caller,
            cleaning_id=cleaning_id,
            booking_id=booking_id,
            evaluation_id=evaluation_id,
        )

    async def of_booking(self, caller: Bearer, cleaning_id: UUID, booking_id: UUID) -> list[str]:
        """What the two sides of a booking have said, as JSON; nothing for others."""
        rows = await self._of_booking.run(
            self._source, caller, cleaning_id=cleaning_id, booking_id=booking_id
        )
        return [row["item"] for row in rows if row["item"] is not None]

    @raises(ProfileNotFound)
    async def of_subject(
        self, caller: Bearer | None, named: str, role: Role, request: PageRequest
    ) -> Page:
        """The evaluations of a user in one role, newest first, also for visitors."""
        query = _of_subject(request.shape, for_visitors=caller is None)
        return await query.page(self._source, caller, request, **person(named), role=role)

    @raises(ProfileNotFound)
    async def stats(self, caller: Bearer, named: str, role: Role) -> EvaluationStats:
        """The evaluations of a user in one role, summed up."""
        return (await self.both_stats(caller, named))[role]

    @raises(ProfileNotFound)
    async def both_stats(self, caller: Bearer | None, named: str) -> dict[Role, EvaluationStats]:
        """The evaluations of a user in each role, summed up, also for visitors."""
        query = self._for_members if caller else self._for_visitors
        rows = await query.run(self._source, caller, **person(named))
        user_id = rows[0]["id"]
        if user_id is None:
            raise ProfileNotFound
        found = {
            Role(row["role"]): Rating(user_id=user_id, **{name: row[name] for name in COUNTS})
            for row in rows
            if row["role"] is not None
        }
        none = Rating(user_id=user_id, role=Role.CLEANER)
        return {role: EvaluationStats.of(found.get(role, none)) for role in Role}
