"""The clock of several workers, and beside people who change the same jobs."""

import asyncio
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.db.repositories.clock import AT_ONCE
from app.worker.clock import Clock, Step
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.users import Market, make_user
from tests.invariants import assert_invariants
from tests.mail import mail_server
from tests.processes import worker_process
from tests.worker.test_process import until

pytestmark = pytest.mark.committed

LATER = "2100-01-01T09:00:00Z"
EXPIRED = "SELECT id FROM cleanings WHERE status = 'expired'"


async def make_overdue(market: Market, number: int) -> list[str]:
    """Open jobs whose start has passed."""
    owner = await make_user(market)
    jobs = [await make_cleaning(market, owner, starts_at=LATER) for _ in range(number)]
    for job in jobs:
        await date_back(market, job)
    return [job.data["id"] for job in jobs]


class TestTicking:
    async def test_of_two_workers_does_everything_once(self, market: Market) -> None:
        jobs = await make_overdue(market, 2 * AT_ONCE + 1)
        clocks = [Clock(market.app.state.database) for _ in range(2)]
        await asyncio.gather(*(clock.tick() for clock in clocks))
        await clocks[0].tick()
        assert sum(clock.done[Step.JOB_EXPIRED] for clock in clocks) == len(jobs)
        await assert_invariants(market.app)

    async def test_passes_over_what_somebody_is_changing(self, market: Market) -> None:
        held, *others = await make_overdue(market, 3)
        database, clock = market.app.state.database, Clock(market.app.state.database)
        async with database.write() as transaction:
            await transaction.fetch("SELECT FROM cleanings WHERE id = $1 FOR UPDATE", [UUID(held)])
            await clock.tick()
            rows = await database.fetch(EXPIRED, ())
            assert {str(row["id"]) for row in rows} == set(others)
        await clock.tick()
        assert clock.done[Step.JOB_EXPIRED] == 3

    async def test_is_what_a_worker_does(self, app: FastAPI, market: Market) -> None:
        await make_overdue(market, 1)

        async def expired() -> bool:
            return bool(await app.state.database.fetch(EXPIRED, ()))

        async with mail_server() as server, worker_process(app, server):
            await until(expired)
