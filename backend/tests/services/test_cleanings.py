"""Use cases of many jobs at once."""

import time
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from app.postgres.batches import batches
from app.postgres.transactions import Transaction
from app.services.cleanings import CleaningService
from tests.db.models.rows import cleaning_in

FEW, MANY = 500, 2_000


def seconds_to_cancel(number: int) -> float:
    """The CPU time in which open jobs are cancelled, without that of the database."""
    unused: Any = None
    owner: Any = SimpleNamespace(id=uuid4())
    transaction, jobs = Transaction(unused), [cleaning_in() for _ in range(number)]
    for job in jobs:
        transaction.add(job)
    begun = time.thread_time()
    CleaningService(transaction).cancel_all(owner, jobs)
    writes = transaction._pending  # noqa: SLF001 (what would be sent)
    assert sum(map(len, batches(writes))) == len(writes) > number
    return time.thread_time() - begun


class TestCancellingAll:
    def test_takes_time_in_proportion_to_their_number(self) -> None:
        few = min(seconds_to_cancel(FEW) for _ in range(3))
        many = min(seconds_to_cancel(MANY) for _ in range(3))
        assert many < 2 * few * MANY / FEW
