"""Recovery to a moment, in short."""

from pathlib import Path

from chaos import recovery


async def test_what_was_dropped_comes_back(tmp_path: Path) -> None:
    verdict = await recovery.run(tmp_path, seconds=0.5)
    assert verdict.failures == []
    assert verdict.figures["of these lost"] == "0"
