"""Adds up the numbers of open jobs and published packages by category."""

from uuid import UUID

from sqlalchemy import Integer, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.db.models.categories import Category, CategoryCount, CategoryDelta, Counted
from app.db.models.category_counts import IN_CATEGORY, IS_OPEN, kept_numbers, present_numbers
from app.db.models.cleanings import Cleaning
from app.db.models.states.cleanings import CleaningStatus
from app.db.repositories.base import USER_ID
from app.postgres.statements import Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

AT_ONCE = 5_000
"""The number of changes that are added up in one transaction."""

COUNTS_LOCK = 0x636F756E7473  # "counts": the key of the advisory lock of additions

BY = argument("by", Integer())
OWN = col(Cleaning.owner_id) == USER_ID


def _adding_up() -> Statement:
    some = (
        select(col(CategoryDelta.id))
        # A subquery is evaluated once. Without the lock, another worker adds up.
        .where(select(func.pg_try_advisory_xact_lock(inline(COUNTS_LOCK))).scalar_subquery())
        .order_by(col(CategoryDelta.id))
        .limit(inline(AT_ONCE))
    )
    taken = (
        delete(CategoryDelta)
        .where(col(CategoryDelta.id).in_(some))
        .returning(
            col(CategoryDelta.category), *(col(getattr(CategoryDelta, it)) for it in Counted)
        )
        .cte("taken")
    )
    sums = (cast(func.sum(taken.c[it]), Integer) for it in Counted)
    added = insert(CategoryCount).from_select(
        ["category", *Counted], select(taken.c.category, *sums).group_by(taken.c.category)
    )
    adding = added.on_conflict_do_update(
        index_elements=["category"],
        set_={it: getattr(CategoryCount, it) + added.excluded[it] for it in Counted},
    )
    return Statement(select(func.count()).select_from(taken).add_cte(adding.cte("added")))


def _recounting() -> Statement:
    present, pending = present_numbers(), kept_numbers(CategoryDelta)
    numbers = (
        func.coalesce(present.c[it], inline(0)) - func.coalesce(pending.c[it], inline(0))
        for it in Counted
    )
    recounted = insert(CategoryCount).from_select(
        ["category", *Counted],
        select(col(Category.slug), *numbers)
        .outerjoin(present, present.c.category == Category.slug)
        .outerjoin(pending, pending.c.category == Category.slug)
        .outerjoin(CategoryCount, col(CategoryCount.category) == Category.slug)
        .where(or_(present.c.category.is_not(None), col(CategoryCount.category).is_not(None))),
    )
    return Statement(
        recounted.on_conflict_do_update(
            index_elements=["category"], set_={it: recounted.excluded[it] for it in Counted}
        )
    )


def _counting_jobs_of() -> Statement:
    """Has the open jobs of an account counted, or not any more."""
    return Statement(
        insert(CategoryDelta).from_select(
            ["id", "category", "owner_id", "jobs", "packages"],
            select(
                func.gen_random_uuid(),
                col(Cleaning.category),
                USER_ID,
                BY * cast(func.count(), Integer),
                inline(0),
            )
            .where(OWN, *IN_CATEGORY, *IS_OPEN)
            .group_by(col(Cleaning.category)),
        )
    )


class CategoryCountRepository:
    """The numbers, in a unit of work."""

    _adding_up = _adding_up()
    _recounting = _recounting()
    _counting_jobs_of = _counting_jobs_of()
    _locking = Statement(select(func.pg_advisory_xact_lock(inline(COUNTS_LOCK))))
    _locking_jobs_of = RowQuery(
        select(Cleaning)
        .where(
            OWN,
            *IN_CATEGORY,
            # Those that others than the owner change: a cleaner who cancels a booking opens a job.
            col(Cleaning.status).in_([inline(CleaningStatus.OPEN), inline(CleaningStatus.BOOKED)]),
        )
        .order_by(col(Cleaning.id))
        .with_for_update(key_share=True)
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add_up(self) -> int:
        """Adds up to `AT_ONCE` changes to the numbers, the oldest first; returns how many."""
        ((number,),) = await self._adding_up.fetch(self._transaction)
        return int(number)

    async def recount(self) -> None:
        """Counts all again.

        That corrects what writes of a server of the previous release, or by hand, have missed.
        """
        await self._locking.fetch(self._transaction)
        await self._recounting.fetch(self._transaction)

    async def count_jobs_of(self, user_id: UUID, *, shown: bool) -> None:
        """Adds the open jobs of an account to the numbers, or subtracts them.

        The account is locked, which keeps it from posting and editing jobs.

        Args:
            user_id: The account, which is being blocked or unblocked.
            shown: Whether its jobs are shown from now on.
        """
        await self._transaction.all(self._locking_jobs_of, user_id=user_id)
        self._transaction.put(self._counting_jobs_of, user_id=user_id, by=1 if shown else -1)
