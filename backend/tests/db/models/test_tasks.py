"""How often and when a background task is tried."""

from datetime import timedelta

import pytest

from app.db.models.fields import now
from app.db.models.kinds.tasks import MailTask
from app.db.models.tasks import DEFAULT_RETRY, LEASE, Task


@pytest.fixture
def task() -> Task:
    return Task(kind=MailTask.SEND_MAIL, payload={})


def delay(task: Task) -> timedelta:
    """How long the task waits, to the second."""
    return timedelta(seconds=round((task.due_at - now()).total_seconds()))


def test_a_new_task_is_due_at_once(task: Task) -> None:
    assert task.due_at <= now()
    assert task.attempts == 0


def test_a_started_task_is_hidden_for_the_time_of_its_lease(task: Task) -> None:
    task.start()
    assert task.attempts == 1
    assert delay(task) == LEASE


def test_a_task_that_fails_is_tried_for_a_day_at_growing_distances(task: Task) -> None:
    delays = []
    while task.failed_at is None:
        task.start()
        task.retry("SMTPConnectError", DEFAULT_RETRY)
        delays.append(delay(task))
    *waits, _ = delays
    assert waits[:3] == [
        DEFAULT_RETRY.first_delay,
        2 * DEFAULT_RETRY.first_delay,
        4 * DEFAULT_RETRY.first_delay,
    ]
    assert waits == sorted(waits)
    assert waits[-1] == DEFAULT_RETRY.longest_delay
    assert timedelta(days=1) < sum(waits, timedelta()) < timedelta(days=1, hours=2)
    assert (task.attempts, task.error) == (DEFAULT_RETRY.attempts, "SMTPConnectError")


def test_a_task_may_be_given_up_at_once(task: Task) -> None:
    task.start()
    task.give_up("Undeliverable")
    assert task.failed_at
    assert task.error == "Undeliverable"
