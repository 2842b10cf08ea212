"""The queries of throttles."""

import json
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple, Self

from sqlalchemy import LargeBinary, extract, func, select

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.limits import Limit, Limits
from app.core.names import mailbox_key
from app.core.security.keys import Keyring
from app.db.models.throttles import Throttle
from app.db.repositories.throttle_counting import counting, counting_within, giving_back
from app.postgres.batches import RowLost
from app.postgres.statements import Source, Statement, argument, col
from app.postgres.tables import RowStatement
from app.postgres.transactions import Transaction

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


class ThrottleRepository:
    """Rate limit counters, shared by all processes.

    Args:
        source: The database or a transaction. Usually not that of the request: an attempt counts
            even if the request fails, and requests don't wait for each other.
        keyring: Makes the keyed hashes of subjects.
    """

    _counting = counting()
    _giving_back = giving_back()
    _counting_within = RowStatement(Throttle, counting_within)
    _waiting = Statement(
        select(extract("epoch", col(Throttle.resets_at) - func.now()).label("seconds")).where(
            col(Throttle.key) == argument("key", LargeBinary())
        )
    )

    def __init__(self, source: Source, keyring: Keyring) -> None:
        self._source, self._keyring = source, keyring
        self._ends: dict[bytes, datetime] = {}
        """The ends of the windows that attempts were counted in."""

    async def take(self, attempts: Sequence[Attempt]) -> None:
        """Counts the attempts, in one statement.

        Refused attempts don't count, so they use up no limits.

        Raises:
            TooManyRequests: A limit is exceeded.
        """
        counted = await self._count(attempts)
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
        """Removes attempts that were counted, but turned out to be legitimate.

        An attempt whose window has passed meanwhile makes no room in the next one.
        """
        keys = list(self._windows(attempts))
        await self._giving_back.fetch(self._source, keys=keys, ends=[self._ends[it] for it in keys])

    async def _count(self, attempts: Sequence[Attempt]) -> dict[bytes, tuple[int, float]]:
        windows = self._windows(attempts)
        rows = await self._counting.fetch(
            self._source, keys=list(windows), windows=list(windows.values())
        )
        self._ends |= {row["key"]: row["resets_at"] for row in rows}
        return {row["key"]: (row["count"], float(row["seconds"])) for row in rows}

    def _windows(self, attempts: Sequence[Attempt]) -> dict[bytes, int]:
        """The lengths of the windows of attempts in seconds, by the keys of their counters."""
        return {
            self._key(attempt, network): attempt.limit.window
            for attempt in attempts
            for network in {None, attempt.network}
        }

    def _key(self, attempt: Attempt, network: str | None = None) -> bytes:
        """The key of the counter of a subject, in total or of a network."""
        parts = attempt.subject if network is None else (*attempt.subject, "from", network)
        return self._keyring.disguise(f"tries of {attempt.limit.name}", json.dumps(parts))
