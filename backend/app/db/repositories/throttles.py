"""The queries of throttles."""

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from sqlalchemy import ARRAY, Integer, LargeBinary, case, extract, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.errors import TooManyRequests
from app.core.keys import Keyring
from app.core.limits import Limit
from app.db.models.throttles import Throttle
from app.db.statements import Source, Statement, argument, col, inline


class Attempt(NamedTuple):
    """One try of something that is limited.

    Args:
        limit: The limit.
        subject: Whose tries it counts together, such as an account's or an address's.
    """

    limit: Limit
    subject: str


def _counting() -> Statement:
    given = (
        func.unnest(argument("keys", ARRAY(LargeBinary())), argument("windows", ARRAY(Integer())))
        .table_valued("key", "seconds", name="given")
        .render_derived()
    )
    until = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, given.c.seconds)
    step = argument("step", Integer())
    # In the order of the keys: so nobody holds one while waiting for another that waits for it.
    counted = select(given.c.key, func.greatest(step, inline(0)), until).order_by(given.c.key)
    counting = insert(Throttle).from_select(["key", "count", "resets_at"], counted)
    over = col(Throttle.resets_at) <= func.now()
    more = func.greatest(col(Throttle.count) + step, inline(0))
    return Statement(
        counting.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, counting.excluded.count), else_=more),
                "resets_at": case((over, counting.excluded.resets_at), else_=Throttle.resets_at),
            },
        ).returning(
            col(Throttle.key),
            col(Throttle.count),
            extract("epoch", col(Throttle.resets_at) - func.now()).label("seconds"),
        )
    )


class ThrottleRepository:
    """Counts tries, those of all processes together.

    Args:
        source: Where they are counted. That is mostly not the request's transaction: a try counts
            even if the request fails, and nobody waits for another's request.
        keyring: Hides whose tries they are.
    """

    _counting = _counting()

    def __init__(self, source: Source, keyring: Keyring) -> None:
        self._source, self._keyring = source, keyring

    async def take(self, attempts: Sequence[Attempt]) -> None:
        """Counts one more try of each.

        Raises:
            TooManyRequests: It is one too many.
        """
        counted = await self._count(attempts, 1)
        exceeded = [
            (ceil(seconds), attempt.limit)
            for attempt, (count, seconds) in counted
            if count > attempt.limit.most
        ]
        if exceeded:
            wait, limit = max(exceeded)
            raise TooManyRequests(limit, wait)

    async def give_back(self, attempts: Sequence[Attempt]) -> None:
        """Counts tries no longer that turned out to be nothing to worry about."""
        await self._count(attempts, -1)

    async def _count(
        self, attempts: Sequence[Attempt], step: int
    ) -> list[tuple[Attempt, tuple[int, float]]]:
        by_key = {
            self._keyring.disguise(f"tries of {limit.name}", subject): Attempt(limit, subject)
            for limit, subject in attempts
        }
        rows = await self._counting.fetch(
            self._source,
            keys=list(by_key),
            windows=[attempt.limit.window for attempt in by_key.values()],
            step=step,
        )
        return [(by_key[row["key"]], (row["count"], float(row["seconds"]))) for row in rows]
