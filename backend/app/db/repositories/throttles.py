"""The queries of throttles."""

import json
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple, Self

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    LargeBinary,
    case,
    extract,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.limits import Limit, Limits
from app.core.names import mailbox_key
from app.core.security.keys import Keyring
from app.db.models.throttles import Throttle
from app.postgres.batches import RowLost
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowStatement
from app.postgres.transactions import Transaction

ONE: ColumnElement[int] = literal_column("1")
CROWD = 5
"""The limit of all networks together, in multiples of the limit."""
FEW = 2
"""The attempts of each network beyond a limit used up by others."""


class Attempt(NamedTuple):
    """An attempt that counts towards a limit.

    Args:
        limit: The limit.
        subject: The subject of the counter: its kind, such as an account, and its identity. The
            parts are separate, since callers choose some of them.
        network: The network of an attempt from an unknown place. Beyond the limit, each network
            still has a few attempts, so that attackers can't lock out others.
        ceiling: The total number of attempts from which on these are refused, too; None for none.
    """

    limit: Limit
    subject: tuple[str, ...]
    network: str | None = None
    ceiling: int | None = None

    @classmethod
    def by_network(cls, limit: Limit, client: Client) -> list[Self]:
        """An attempt that counts for its site, and for the networks around it."""
        networks = client.networks.items()
        return [cls(limit.times(sites), ("network", network)) for network, sites in networks]

    @classmethod
    def by_stranger(cls, limit: Limit, subject: tuple[str, ...], client: Client) -> Self:
        """An attempt from a place unknown to the subject's owner."""
        return cls(limit, subject, client.network, limit.most * CROWD)

    @classmethod
    def by_mail(cls, limits: Limits, email: str, client: Client) -> list[Self]:
        """A request to verify an email address, which may be another person's."""
        mailbox = "mailbox", mailbox_key(email)
        return [
            *cls.by_network(limits.mails_per_address, client),
            cls.by_stranger(limits.verifications_per_email, mailbox, client),
        ]

    def exceeds(self, count: int, from_network: int) -> bool:
        """Whether the attempt exceeds the limit.

        Args:
            count: The number of attempts, including this one.
            from_network: The number of those from its network.
        """
        if count <= self.limit.most:
            return False
        is_over = self.ceiling is not None and count > self.ceiling
        return self.network is None or is_over or from_network > FEW


def _counting() -> Statement:
    given = (
        func.unnest(argument("keys", ARRAY(LargeBinary())), argument("windows", ARRAY(Integer())))
        .table_valued("key", "seconds", name="given")
        .render_derived()
    )
    until = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, given.c.seconds)
    step = argument("step", Integer())
    # In the order of the keys, which prevents deadlocks.
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


def _counting_within(ending: str) -> Insert:
    """Counts one attempt, unless that exceeds its limit: then no row is written."""
    window = argument(f"window{ending}", Integer())
    counting = insert(Throttle).values(
        key=argument(f"key{ending}", LargeBinary()),
        count=ONE,
        resets_at=func.now() + window * literal_column("interval '1 second'"),
    )
    over = col(Throttle.resets_at) <= func.now()
    return counting.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((over, ONE), else_=col(Throttle.count) + ONE),
            "resets_at": case((over, counting.excluded.resets_at), else_=Throttle.resets_at),
        },
        where=or_(over, col(Throttle.count) < argument(f"most{ending}", Integer())),
    )


class ThrottleRepository:
    """Rate limit counters, shared by all processes.

    Args:
        source: The database or a transaction. Usually not that of the request: an attempt counts
            even if the request fails, and requests don't wait for each other.
        keyring: Makes the keyed hashes of subjects.
    """

    _counting = _counting()
    _counting_within = RowStatement(Throttle, _counting_within)
    _waiting = Statement(
        select(extract("epoch", col(Throttle.resets_at) - func.now()).label("seconds")).where(
            col(Throttle.key) == argument("key", LargeBinary())
        )
    )

    def __init__(self, source: Source, keyring: Keyring) -> None:
        self._source, self._keyring = source, keyring

    async def take(self, attempts: Sequence[Attempt]) -> None:
        """Counts the attempts, in one statement.

        Refused attempts don't count, so they use up no limits.

        Raises:
            TooManyRequests: A limit is exceeded.
        """
        counted = await self._count(attempts, 1)
        exceeded = []
        for attempt in attempts:
            count, seconds = counted[self._key(attempt)]
            from_network = counted[self._key(attempt, attempt.network)][0]
            if attempt.exceeds(count, from_network):
                exceeded.append((ceil(seconds), attempt.limit))
        if exceeded:
            await self.give_back(attempts)
            wait, limit = max(exceeded)
            raise TooManyRequests(limit, wait)

    async def take_within(self, transaction: Transaction, attempt: Attempt) -> None:
        """Counts an attempt in the statement that sends the pending writes of a unit of work.

        So it takes no round trip of its own, and counts only if the unit is committed. It is the
        last lock of the unit, so that units of one subject can't block each other.

        Args:
            transaction: The unit of work.
            attempt: The attempt, by an authenticated subject.

        Raises:
            TooManyRequests: The limit is exceeded.
        """
        key, limit = self._key(attempt), attempt.limit
        transaction.put(self._counting_within, key=key, window=limit.window, most=limit.most)
        try:
            await transaction.flush()
        except RowLost as lost:
            if all(write.statement is not self._counting_within for write in lost.writes):
                raise
            (row,) = await self._waiting.fetch(transaction, key=key)
            raise TooManyRequests(limit, max(1, ceil(row["seconds"]))) from lost

    async def give_back(self, attempts: Sequence[Attempt]) -> None:
        """Removes attempts that turned out to be legitimate."""
        await self._count(attempts, -1)

    async def _count(
        self, attempts: Sequence[Attempt], step: int
    ) -> dict[bytes, tuple[int, float]]:
        windows = {
            self._key(attempt, network): attempt.limit.window
            for attempt in attempts
            for network in {None, attempt.network}
        }
        rows = await self._counting.fetch(
            self._source, keys=list(windows), windows=list(windows.values()), step=step
        )
        return {row["key"]: (row["count"], float(row["seconds"])) for row in rows}

    def _key(self, attempt: Attempt, network: str | None = None) -> bytes:
        """The key of the counter of a subject, in total or of a network."""
        parts = attempt.subject if network is None else (*attempt.subject, "from", network)
        return self._keyring.disguise(f"tries of {attempt.limit.name}", json.dumps(parts))
