"""What `make chaos` breaks, broken for a moment: every promise holds."""

from pathlib import Path

import pytest

from chaos.__main__ import SCENARIOS
from chaos.proxies import PROGRAM

SECONDS = 0.5
BEHIND_THE_PROXY = {"rolling", "slow"}
NOT_SHORT = {"hanging", "lag", "migration", "overload"}
"""What is about speed can't be told on a machine that does something else, too."""


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - NOT_SHORT))
async def test_the_promise_holds(name: str, tmp_path: Path) -> None:
    if name in BEHIND_THE_PROXY and PROGRAM is None:
        pytest.skip("needs HAProxy: apt-get install haproxy")
    verdict = await SCENARIOS[name](tmp_path, SECONDS)
    assert verdict.holds, verdict
