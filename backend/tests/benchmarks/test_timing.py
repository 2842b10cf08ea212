"""Reading how long the server took, in its log."""

import pytest

from benchmarks.timing import job_locks, steps_in

LOG = """\
12.000 71 LOG:  duration: 0.100 ms  statement: BEGIN;
12.010 71 LOG:  duration: 0.200 ms  parse __asyncpg_stmt_1__: SELECT *
\tFROM cleanings
\tWHERE id = $1 FOR NO KEY UPDATE OF cleanings
12.020 71 LOG:  duration: 5.000 ms  execute __asyncpg_stmt_1__: SELECT *
\tFROM cleanings
\tWHERE id = $1 FOR NO KEY UPDATE OF cleanings
\t
12.030 72 LOG:  duration: 1.000 ms  execute __asyncpg_stmt_7__: SELECT 1
12.031 72 LOG:  checkpoint starting: time
12.050 71 LOG:  duration: 2.000 ms  statement: COMMIT;
12.060 72 LOG:  duration: 2.000 ms  statement: COMMIT;
"""


def test_all_steps_count() -> None:
    steps = list(steps_in(LOG))
    assert sum(step.duration for step in steps) == pytest.approx(0.0103)
    assert [step.runs for step in steps] == [True, False, True, True, True, True]
    assert [step.process for step in steps] == [71, 71, 71, 72, 71, 72]


def test_a_lock_is_held_from_its_statement_to_the_end_of_the_transaction() -> None:
    assert list(job_locks(steps_in(LOG))) == [pytest.approx(0.03)]
