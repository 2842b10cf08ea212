"""The short form of ``make soak``."""

import re
from pathlib import Path

from chaos.soak import run


async def test_no_promise_is_broken_however_much_happens_at_once(tmp_path: Path) -> None:
    steps: list[int] = []
    verdict = await run(tmp_path, operations=1000, seed=1, advance=lambda: steps.append(1))
    assert verdict.failures == []
    assert len(steps) == 1000
    assert re.search(r"[1-9]\d* x job_expired", verdict.figures["done by the clock"])
    assert " x accepted" in verdict.figures["orders"]
    assert " x 409 out_of_stock" in verdict.figures["answers"]
