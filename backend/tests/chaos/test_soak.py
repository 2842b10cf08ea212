"""The short form of ``make soak``."""

import re
from functools import partial
from itertools import count
from pathlib import Path

from chaos.soak import run

RUNS = 3
"""How many runs are made at most until all of `OFTEN` has happened: one run may miss some."""
OFTEN = {
    "done by the clock": r"[1-9]\d* x job_expired",
    "orders": " x accepted",
    "answers": " x 409 out_of_stock",
}


async def test_no_promise_is_broken_however_much_happens_at_once(tmp_path: Path) -> None:
    happened: set[str] = set()
    for seed in range(1, RUNS + 1):
        steps = count()
        folder = tmp_path / str(seed)
        folder.mkdir()
        verdict = await run(folder, operations=1000, seed=seed, advance=partial(next, steps))
        assert verdict.failures == []
        assert next(steps) == 1000
        happened |= {name for name in OFTEN if re.search(OFTEN[name], verdict.figures[name])}
        if happened == OFTEN.keys():
            break
    assert happened == OFTEN.keys()
