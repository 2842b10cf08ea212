"""The servers are replaced one after the other, while people write."""

from pathlib import Path

import pytest

from chaos import rolling
from chaos.proxies import PROGRAM


@pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")
async def test_fails_nobody(tmp_path: Path) -> None:
    verdict = await rolling.run(tmp_path, 1.0)
    assert verdict.failures == []
