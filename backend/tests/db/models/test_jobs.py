"""How often and when a background job is tried."""

from datetime import timedelta

import pytest

from app.db.models.fields import now
from app.db.models.jobs import ATTEMPTS, FIRST_DELAY, LEASE, LONGEST_DELAY, Job, JobKind


@pytest.fixture
def job() -> Job:
    return Job(kind=JobKind.SEND_MAIL, payload={})


def delay(job: Job) -> timedelta:
    """How long the job waits, to the second."""
    return timedelta(seconds=round((job.due_at - now()).total_seconds()))


def test_a_new_job_is_due_at_once(job: Job) -> None:
    assert job.due_at <= now()
    assert job.attempts == 0


def test_a_started_job_is_hidden_for_the_time_of_its_lease(job: Job) -> None:
    job.start()
    assert job.attempts == 1
    assert delay(job) == LEASE


def test_a_job_that_fails_is_tried_for_a_day_at_growing_distances(job: Job) -> None:
    delays = []
    while job.failed_at is None:
        job.start()
        job.retry("SMTPConnectError")
        delays.append(delay(job))
    *waits, _ = delays
    assert waits[:3] == [FIRST_DELAY, 2 * FIRST_DELAY, 4 * FIRST_DELAY]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_DELAY
    assert timedelta(days=1) < sum(waits, timedelta()) < timedelta(days=1, hours=2)
    assert (job.attempts, job.error) == (ATTEMPTS, "SMTPConnectError")


def test_a_job_may_be_given_up_at_once(job: Job) -> None:
    job.start()
    job.give_up("Undeliverable")
    assert job.failed_at
    assert job.error == "Undeliverable"
