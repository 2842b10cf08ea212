"""The queries of throttles."""

import json
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple, Self

from sqlalchemy import ARRAY, Integer, LargeBinary, case, extract, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.limits import Limit, Limits
from app.core.names import mailbox_key
from app.core.security.keys import Keyring
from app.db.models.throttles import Throttle
from app.postgres.statements import Source, Statement, argument, col, inline

CROWD = 5
"""How often as much as the limit all networks together may try, if each tries a few times only."""
FEW = 2
"""How many tries each network has beyond a limit that others have used up."""


class Attempt(NamedTuple):
    """One try of something that is limited.

    Args:
        limit: The limit.
        subject: Whose tries it counts together: a kind of subject, such as an account, and what
            identifies it. Callers choose some of the parts, which is why they are kept apart.
        network: Where a stranger tries from. Beyond the limit, each network still has a few tries,
            so that strangers are slowed down, and can't shut each other out.
        ceiling: After how many tries in all even these are refused; None if never.
    """

    limit: Limit
    subject: tuple[str, ...]
    network: str | None = None
    ceiling: int | None = None

    @classmethod
    def by_network(cls, limit: Limit, client: Client) -> list[Self]:
        """A try that counts for the site that it comes from, and for the networks around it."""
        networks = client.networks.items()
        return [cls(limit.times(sites), ("network", network)) for network, sites in networks]

    @classmethod
    def by_stranger(cls, limit: Limit, subject: tuple[str, ...], client: Client) -> Self:
        """A try of which nobody knows whether the subject's owner makes it."""
        return cls(limit, subject, client.network, limit.most * CROWD)

    @classmethod
    def by_mail(cls, limits: Limits, email: str, client: Client) -> list[Self]:
        """A stranger's wish to have an address verified, which may be another person's."""
        mailbox = "mailbox", mailbox_key(email)
        return [
            *cls.by_network(limits.mails_per_address, client),
            cls.by_stranger(limits.verifications_per_email, mailbox, client),
        ]

    def exceeds(self, count: int, from_network: int) -> bool:
        """Says whether it is one too many.

        Args:
            count: How many tries there were, this one included.
            from_network: How many of them came from its network.
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
        """Counts one more try of each, by one statement.

        A try that is refused doesn't count: so it uses up nothing of what others have.

        Raises:
            TooManyRequests: It is one too many.
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

    async def give_back(self, attempts: Sequence[Attempt]) -> None:
        """Counts tries no longer that turned out to be nothing to worry about."""
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
        """The key of the tries of an attempt's subject, all or those from a network."""
        parts = attempt.subject if network is None else (*attempt.subject, "from", network)
        return self._keyring.disguise(f"tries of {attempt.limit.name}", json.dumps(parts))
