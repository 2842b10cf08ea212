"""Tasks by the clock: once per cluster, however many workers run."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.mail import Mail
from app.db.models.fields import now
from app.db.models.kinds.tasks import HousekeepingTask
from app.worker.context import Payload, TaskContext, TaskHandler
from app.worker.handlers import registered
from app.worker.schedules import Scheduler, next_time
from tests.factories.tasks import BY_CLOCK
from tests.mail import mail_server
from tests.processes import PATIENCE, worker_process

pytestmark = pytest.mark.committed


async def nothing(_: TaskContext, __: Payload) -> list[Mail]:
    return []


def scheduler(app: FastAPI, cron: str = "0 3 * * *") -> Scheduler:
    """Schedules one kind of tasks."""
    return Scheduler(app.state.database, {"nightly": TaskHandler(nothing, cron=cron)})


async def enqueued(app: FastAPI) -> int:
    """How many tasks were enqueued by the clock."""
    rows = await app.state.database.fetch("SELECT FROM tasks WHERE kind = 'nightly'", ())
    return len(rows)


async def schedule(app: FastAPI) -> dict[str, Any]:
    """The schedule as it is stored."""
    rows = await app.state.database.fetch("SELECT * FROM task_schedules WHERE kind = 'nightly'", ())
    return dict(rows[0])


async def make_due(app: FastAPI) -> None:
    """Lets the time of the schedule come, and its last task be done."""
    await app.state.database.fetch("DELETE FROM tasks WHERE kind = 'nightly'", ())
    await app.state.database.fetch("UPDATE task_schedules SET due_at = now()", ())


class TestATime:
    @pytest.mark.parametrize(
        ("cron", "after", "expected"),
        [
            ("17 3 * * *", "2027-03-27T03:17:00+00:00", "2027-03-28T03:17:00+00:00"),
            ("*/5 * * * *", "2026-12-31T23:58:00+00:00", "2027-01-01T00:00:00+00:00"),
            ("0 0 29 2 *", "2027-01-01T00:00:00+00:00", "2028-02-29T00:00:00+00:00"),
        ],
    )
    def test_is_in_utc(self, cron: str, after: str, expected: str) -> None:
        assert next_time(cron, datetime.fromisoformat(after)).isoformat() == expected

    def test_is_once_a_day_for_housekeeping(self) -> None:
        cron = registered()[HousekeepingTask.DELETE_EXPIRED].cron
        assert cron
        first = next_time(cron, now())
        assert next_time(cron, first) - first == timedelta(days=1)


class TestASchedule:
    async def test_is_due_at_once_when_it_is_new(self, app: FastAPI) -> None:
        assert await scheduler(app).enqueue_due() == 1
        assert await enqueued(app) == 1
        stored = await schedule(app)
        assert stored["due_at"] == next_time("0 3 * * *", now())

    async def test_has_one_task_per_time_with_many_workers(self, app: FastAPI) -> None:
        workers = [scheduler(app) for _ in range(8)]
        for _ in range(3):
            await asyncio.gather(*(worker.enqueue_due() for worker in workers))
            assert await enqueued(app) == 1
            await make_due(app)

    async def test_waits_for_its_last_task(self, app: FastAPI) -> None:
        clock = scheduler(app)
        await clock.enqueue_due()
        await app.state.database.fetch("UPDATE task_schedules SET due_at = now()", ())
        await clock.enqueue_due()
        assert await enqueued(app) == 1
        assert (await schedule(app))["due_at"] > now()

    async def test_does_not_wait_for_a_task_that_has_failed(self, app: FastAPI) -> None:
        clock = scheduler(app)
        await clock.enqueue_due()
        await app.state.database.fetch("UPDATE tasks SET failed_at = now()", ())
        await app.state.database.fetch("UPDATE task_schedules SET due_at = now()", ())
        await clock.enqueue_due()
        assert await enqueued(app) == 2

    async def test_changes_with_the_version_of_the_service(self, app: FastAPI) -> None:
        await scheduler(app).enqueue_due()
        assert await scheduler(app, "30 4 * * *").enqueue_due() == 0
        stored = await schedule(app)
        assert (stored["cron"], stored["due_at"]) == (
            "30 4 * * *",
            next_time("30 4 * * *", now()),
        )
        assert await enqueued(app) == 1

    async def test_of_a_newer_version_is_left_alone(self, app: FastAPI) -> None:
        await app.state.database.fetch(
            "INSERT INTO task_schedules (kind, cron, due_at) VALUES ('newer', '* * * * *', now())",
            (),
        )
        await scheduler(app).enqueue_due()
        rows = await app.state.database.fetch("SELECT FROM tasks WHERE kind = 'newer'", ())
        assert rows == []

    async def test_is_kept_by_two_processes(self, app: FastAPI) -> None:
        async def ran() -> bool:
            rows = await app.state.database.fetch(
                "SELECT task_id FROM task_schedules WHERE due_at > now()", ()
            )
            left = await app.state.database.fetch("SELECT FROM tasks", ())
            return len(rows) == len(BY_CLOCK) and not left

        async with (
            mail_server() as server,
            worker_process(app, server),
            worker_process(app, server),
        ):
            async with asyncio.timeout(PATIENCE):
                while not await ran():  # noqa: ASYNC110 (no event tells of what the database has)
                    await asyncio.sleep(0.05)
