"""What `make chaos` breaks, broken for a moment: every promise holds."""

from pathlib import Path

import pytest

from chaos.__main__ import SCENARIOS

SECONDS = 0.5


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_promise_holds(name: str, tmp_path: Path) -> None:
    verdict = await SCENARIOS[name](tmp_path, SECONDS)
    assert verdict.holds, verdict
