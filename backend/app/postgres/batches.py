"""Sends pending writes to PostgreSQL in as few statements as their order allows.

Each statement costs a round trip and about 50 µs of the service's CPU. Rows of different tables
that follow each other in a unit of work are therefore written by one statement with data-modifying
CTEs (PostgreSQL manual, 7.8.4), compiled once per combination of statements; rows that share a
statement are sent as its arguments, one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.postgres.hosts import Connection
from app.postgres.statements import Statement
from app.postgres.tables import RowCondition, RowStatement, Write

MOST_COMBINED = 8
"""Rows per combined statement: bounds the length of its text and the number of combinations."""


class RowLost(Exception):
    """An UPDATE by primary key has not hit exactly one row: the row was deleted meanwhile.

    Rows are locked when they are read to be changed, so this is a fault of the service. The
    transaction is rolled back.

    Args:
        writes: The UPDATE, or all with the same statement if one of them is meant.
    """

    def __init__(self, *writes: Write) -> None:
        self.writes = writes
        keys = [
            {name: key for name, key in write.arguments.items() if name.startswith("key_")}
            for write in writes
        ]
        super().__init__(f"{writes[0].statement} has not written exactly one row: {keys}")


async def send(connection: Connection, writes: Iterable[Write]) -> None:
    """Runs writes in their order.

    Args:
        connection: In the transaction of the unit of work.
        writes: The writes.

    Raises:
        RowLost: An UPDATE of a row has not hit exactly one.
        MarketplaceError: A condition does not hold.
    """
    for batch in batches(writes):
        statement = batch[0].statement
        if len(batch) == 1:
            sql, arguments = statement.bound(batch[0].arguments)
            rows = await connection.fetch(sql, *arguments)
            written = [len(rows)]
        elif batch[1].statement is statement:
            sql = statement.compiled.sql
            rows = await connection.fetchmany(
                sql, [statement.bound(write.arguments).arguments for write in batch]
            )
            written = [1] * len(rows)
        else:
            combined = _combined(tuple(write.statement for write in batch))
            (row,) = await connection.fetch(combined.sql, *combined.arguments(batch))
            written = list(row)
        if isinstance(statement, RowStatement) and written != [1] * len(batch):
            lost = [batch[written.index(0)]] if 0 in written else batch
            missed = lost[0].statement
            raise missed.refusal if isinstance(missed, RowCondition) else RowLost(*lost)


def batches(writes: Iterable[Write]) -> Iterator[list[Write]]:
    """Divides writes, in their order, into those that are sent together.

    A batch has one statement with several arguments, or several statements that each write another
    row. Other statements than those of rows depend on what was written before them, which the parts
    of a combined statement do not see of each other: they are never combined.
    """
    batch: list[Write] = []
    for write in writes:
        if batch and not _belongs(write, batch):
            yield batch
            batch = []
        batch.append(write)
    if batch:
        yield batch


def _belongs(write: Write, batch: Sequence[Write]) -> bool:
    statement, first = write.statement, batch[0].statement
    if len(batch) == 1 or batch[1].statement is first:  # one statement, with several arguments
        if statement is first:
            return True
        if len(batch) > 1:
            return False
    return (
        len(batch) < MOST_COMBINED
        and all(other.statement is not statement for other in batch)
        and isinstance(statement, RowStatement)
        and isinstance(first, RowStatement)
    )


class Combined(NamedTuple):
    """Statements as one.

    Args:
        sql: The text. It returns how many rows each statement has written.
        places: Whose argument each parameter is: the number of the statement, and the name there.
    """

    sql: str
    places: Sequence[tuple[int, str]]

    def arguments(self, writes: Sequence[Write]) -> list[Any]:
        """The arguments, in the order of the parameters."""
        given = [write.arguments for write in writes]
        return [given[number][name] for number, name in self.places]


@lru_cache(maxsize=256)
def _combined(statements: tuple[RowStatement, ...]) -> Combined:
    parts = [
        statement.build(f"_{number}").cte(f"written_{number}")
        for number, statement in enumerate(statements)
    ]
    counts = [select(func.count()).select_from(part).scalar_subquery() for part in parts]
    sql, names, constants = Statement(select(*counts)).compiled
    if constants:
        raise TypeError(f"Statements of rows can't be combined that have constants: {constants}")
    places = [name.rpartition("_")[::2] for name in names]
    return Combined(sql, [(int(number), name) for name, number in places])
