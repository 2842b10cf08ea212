"""Updates of search vectors that were not filled by the statement that wrote the job."""

from sqlalchemy import select, update

from app.db.models.cleanings import Cleaning
from app.postgres.statements import Statement, inline
from app.postgres.transactions import Transaction

AT_ONCE = 500
"""The batch size, small enough for short locks."""

JOBS = Cleaning.metadata.tables["cleanings"]


def _filling() -> Statement:
    due = (
        select(JOBS.c.id)
        .where(JOBS.c.search_revision.is_distinct_from(JOBS.c.terms_revision))
        .order_by(JOBS.c.id.desc())  # the newest are searched first
        .limit(inline(AT_ONCE))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return Statement(
        update(JOBS)
        .where(JOBS.c.id.in_(due))
        .values(Cleaning.derived(dict(JOBS.c)))
        .returning(inline(1))
    )


class WordsRepository:
    """The words of all jobs, in a unit of work.

    Jobs lack their present words after a migration that changes how words are made, and where a
    server of the release before has posted or edited them.
    """

    _filling = _filling()

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def fill(self) -> int:
        """Updates the search vectors of some jobs that are due; returns their number."""
        return len(await self._filling.fetch(self._transaction))
