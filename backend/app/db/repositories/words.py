"""Updates of search vectors that were not filled by the statement that wrote the row."""

from typing import Any

from sqlalchemy import Text, func, or_, select, update

from app.db.models.cleanings import Cleaning
from app.db.models.packages import Package
from app.db.models.searched import MADE, VECTOR, Searched, prepared
from app.postgres.statements import Statement, argument, inline
from app.postgres.transactions import Transaction

AT_ONCE = 500
"""The batch size, small enough for short locks."""


class Filling:
    """The statements that fill the search vectors of a table.

    Args:
        model: The class of the table.
        revision: The column with the revision of the name and the description.
    """

    def __init__(self, model: type[Searched], revision: str) -> None:
        table: Any = model.metadata.tables[str(model.__tablename__)]
        language = func.coalesce(table.c.language, argument("market_language", Text()))
        self.due = Statement(
            select(table.c.id, table.c.name, table.c.description, language.label("language"))
            .where(
                or_(
                    table.c.words_revision.is_distinct_from(table.c[revision]),
                    table.c.language.is_(None),
                )
            )
            .order_by(table.c.id.desc())  # the newest are searched first
            .limit(inline(AT_ONCE))
            .with_for_update(key_share=True, skip_locked=True)
        )
        self.filling = Statement(
            update(table)
            .where(table.c.id == MADE.c.id)
            .values(language=MADE.c.language, search=VECTOR, words_revision=table.c[revision])
        )


class WordsRepository:
    """The search vectors of all tables, in a unit of work.

    Rows lack their present vector, or their language, after a migration that changes how vectors
    are made, and where a server of the previous release has written them.

    Args:
        transaction: The unit of work.
        language: The language of rows that have none: that of the market.
    """

    _fillings = (Filling(Cleaning, "terms_revision"), Filling(Package, "revision"))

    def __init__(self, transaction: Transaction, language: str) -> None:
        self._transaction = transaction
        self._language = language

    async def fill(self) -> int:
        """Updates the search vectors of some rows that are due; returns their number."""
        return sum([await self._fill(filling) for filling in self._fillings])

    async def _fill(self, statements: Filling) -> int:
        due = await statements.due.fetch(self._transaction, market_language=self._language)
        if due:
            await statements.filling.fetch(self._transaction, **prepared(due))
        return len(due)
