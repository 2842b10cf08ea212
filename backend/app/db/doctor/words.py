"""Checks of search vectors, which the service makes of the words that it has prepared."""

import time
from typing import Any

from sqlalchemy import Uuid, select

from app.db.doctor.check import SHOWN, Check, Finding
from app.db.models.searched import MADE, VECTOR, Searched, prepared
from app.postgres.statements import Source, Statement, argument, inline

AT_ONCE = 5_000
"""The number of rows that are compared at once."""
BEFORE_ALL = "00000000-0000-0000-0000-000000000000"


class WordsCheck(Check):
    """Finds rows with a wrong search vector that is not due for an update.

    Args:
        model: The class of the table.
        revision: The column with the revision of the name and the description.
        name: The name.
        promise: The invariant as a sentence.
    """

    def __init__(self, model: type[Searched], revision: str, name: str, promise: str) -> None:
        rows: Any = model.metadata.tables[str(model.__tablename__)]
        columns = [rows.c[name] for name in ("id", "name", "description", "language")]
        filled = (rows.c.words_revision == rows.c[revision], rows.c.language.is_not(None))
        self.name, self.promise = name, promise
        self._rows = Statement(
            select(*columns)
            .where(*filled, rows.c.id > argument("after", Uuid()))
            .order_by(rows.c.id)
            .limit(inline(AT_ONCE))
        )
        self._differing = Statement(
            select(rows.c.id)
            .join(MADE, MADE.c.id == rows.c.id)
            .where(rows.c.search.is_distinct_from(VECTOR))
            .order_by(rows.c.id)
        )

    async def run(self, source: Source) -> Finding:
        """Runs the check."""
        begun = time.monotonic()
        broken: list[str] = []
        after: Any = BEFORE_ALL
        while rows := await self._rows.fetch(source, after=after):
            after = rows[-1]["id"]
            differing = await self._differing.fetch(source, **prepared(rows))
            broken += [str(row["id"]) for row in differing]
        return Finding(self, len(broken), broken[:SHOWN], time.monotonic() - begun)
