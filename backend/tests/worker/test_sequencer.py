"""The sequencer: each event enters the stream once, with its consequences."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.core.config import Settings
from app.core.errors import Unavailable
from app.db.models.fields import now
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.offers import OfferEvent
from app.db.repositories.stream import AT_ONCE, Entry, StreamRepository
from app.worker.consequences import Consequence
from app.worker.context import TaskContext
from app.worker.mailers import NoMailer
from app.worker.process import Worker
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.stream import make_sequencer, sequence, streamed
from tests.factories.tasks import runner_for
from tests.factories.users import Market
from tests.invariants import assert_invariants

COUNTS = """
    SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM outbox),
        (SELECT position FROM heads WHERE name = 'stream')
"""


async def counts(market: Market) -> tuple[int, int, int | None]:
    """The number of events, the length of the outbox, and the head of the stream."""
    (row,) = await market.app.state.database.fetch(COUNTS, ())
    return row[0], row[1], row[2]


async def ids(market: Market) -> list[object]:
    """The ids of all events, in their order."""
    rows = await market.app.state.database.fetch("SELECT id FROM events ORDER BY id", ())
    return [row["id"] for row in rows]


class Seen:
    """A consequence that only takes note of events.

    Args:
        kinds: The kinds of events that have it.
    """

    def __init__(self, *kinds: CleaningEvent | OfferEvent) -> None:
        self.batches: list[list[tuple[int, str, str]]] = []
        self.consequence = Consequence(kinds, self.note)

    async def note(self, _: TaskContext, entries: Sequence[Entry]) -> None:
        """Takes note."""
        self.batches.append([(it.position, it.event.subject, it.event.kind) for it in entries])


class TestNumbering:
    async def test_begins_with_1_and_follows_the_ids_of_a_batch(self, market: Market) -> None:
        await make_offer(market)
        await make_cleaning(market)
        await sequence(market)
        assert await streamed(market) == list(enumerate(await ids(market), start=1))
        await make_cleaning(market)
        await sequence(market)
        assert await streamed(market) == list(enumerate(await ids(market), start=1))
        assert await counts(market) == (len(await ids(market)), 0, len(await ids(market)))

    @pytest.mark.committed
    async def test_by_several_workers_at_once_is_that_of_one(self, market: Market) -> None:
        async def write() -> None:
            for _ in range(10):
                await make_cleaning(market, owner)

        async def number() -> None:
            while not written.is_set() or (await counts(market))[1]:
                await sequencer.sequence()

        owner = (await make_cleaning(market)).owner
        seen, written = Seen(CleaningEvent.CREATED), asyncio.Event()
        sequencer = make_sequencer(market, seen.consequence)
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(number())
            await asyncio.gather(*(write() for _ in range(4)))
            written.set()
        positions = [position for position, _ in await streamed(market)]
        assert positions == list(range(1, len(positions) + 1))
        noted = [position for batch in seen.batches for position, _, _ in batch]
        assert len(noted) == len(set(noted)) == 41
        await assert_invariants(market.app)

    @pytest.mark.parametrize("how", ["hashjoin", "nestloop"])
    async def test_takes_a_batch_at_once_however_it_is_planned(
        self, market: Market, how: str
    ) -> None:
        for _ in range(AT_ONCE // 2 + 1):
            await make_cleaning(market)
        database = market.app.state.database
        others = {"hashjoin", "nestloop", "mergejoin", "hashagg", "material", "sort"} - {how}
        for each in others:
            await database.fetch(f"SET LOCAL enable_{each} = off", ())
        seen = Seen(CleaningEvent.CREATED)
        sequencer = make_sequencer(market, seen.consequence)
        while not seen.batches:
            await sequencer.sequence()
        assert (await counts(market))[2] == AT_ONCE


class TestConsequences:
    async def test_are_told_of_events_of_their_kinds_only(self, market: Market) -> None:
        seen = Seen(OfferEvent.CREATED)
        await make_offer(market)
        await sequence(market, seen.consequence)
        ((noted,),) = seen.batches
        assert noted[1:] == ("offer", "created")

    async def test_that_fail_leave_the_events_in_the_outbox(self, market: Market) -> None:
        async def fail(_: TaskContext, __: Sequence[Entry]) -> None:
            raise RuntimeError

        await make_cleaning(market)
        await sequence(market)
        before = await counts(market)
        await make_cleaning(market)
        failing = make_sequencer(market, Consequence([CleaningEvent.CREATED], fail))
        with pytest.raises(RuntimeError):
            await failing.sequence()
        events, pending, head = await counts(market)
        assert (pending, head) == (events - before[0], before[2])
        seen = Seen(CleaningEvent.CREATED)
        await sequence(market, seen.consequence)
        assert sum(map(len, seen.batches)) == 1

    async def test_that_fail_for_a_batch_are_carried_out_for_each_event(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def note_one(context: TaskContext, entries: Sequence[Entry]) -> None:
            if len(entries) > 1 and len(seen.batches) < 3:
                raise Unavailable
            await seen.note(context, entries)

        monkeypatch.setattr("app.worker.sequencer.AT_ONCE", 3)
        seen = Seen(CleaningEvent.CREATED)
        sequencer = make_sequencer(market, Consequence([CleaningEvent.CREATED], note_one))
        owner = (await make_cleaning(market)).owner
        await sequence(market)
        for _ in range(5):
            await make_cleaning(market, owner)
        with pytest.raises(Unavailable):
            await sequencer.sequence()
        while await sequencer.sequence():
            pass
        assert [len(batch) for batch in seen.batches] == [1, 1, 1, 2]

    @pytest.mark.committed
    async def test_that_fail_leave_the_worker_running(
        self, market: Market, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def fail(_: TaskContext, __: Sequence[Entry]) -> None:
            raise ValueError("anna@example.com")

        settings, database = Settings(environment="development"), market.app.state.database
        sequencer = make_sequencer(market, Consequence([CleaningEvent.CREATED], fail))
        worker = Worker(database, runner_for(market.app, NoMailer(), settings), sequencer, "en")
        await make_cleaning(market)
        working = asyncio.create_task(worker.run())
        while "The stream stands still: ValueError" not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        worker.stop()
        await working
        assert "anna@example.com" not in caplog.text
        assert await streamed(market) == []


class TestStandingEvents:
    """Events of a release that had no stream."""

    async def test_come_first_and_have_no_consequences(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.db.repositories.stream.STANDING_AT_ONCE", 2)
        database = market.app.state.database
        for _ in range(3):
            await make_cleaning(market)
        await database.fetch("DELETE FROM outbox", ())
        standing = await ids(market)
        await make_cleaning(market)
        seen = Seen(CleaningEvent.CREATED)
        await sequence(market, seen.consequence)
        assert await streamed(market) == list(enumerate(await ids(market), start=1))
        assert [it[0] > len(standing) for batch in seen.batches for it in batch] == [True]
        (row,) = await database.fetch("SELECT position FROM heads WHERE name = 'standing'", ())
        assert row["position"] == len(standing)


class TestEventsOfThePreviousRelease:
    """Servers of the previous release write events without a row of the outbox."""

    async def test_are_collected_with_their_consequences(self, market: Market) -> None:
        database, seen = market.app.state.database, Seen(CleaningEvent.CREATED)
        await make_cleaning(market)
        await sequence(market)
        await make_cleaning(market)
        await database.fetch("DELETE FROM outbox", ())
        await make_cleaning(market)
        for _ in range(2):
            await database.run(lambda it: StreamRepository(it).collect(now() - timedelta(hours=1)))
        await sequence(market, seen.consequence)
        assert sum(map(len, seen.batches)) == 2
        await assert_invariants(market.app)

    async def test_wait_for_older_ones(self, market: Market) -> None:
        database = market.app.state.database
        await make_cleaning(market)
        await database.fetch("DELETE FROM outbox", ())
        await database.run(lambda it: StreamRepository(it).collect(now() - timedelta(hours=1)))
        assert (await counts(market))[1] == 0
