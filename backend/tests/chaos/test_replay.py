"""Answers that are given again, while the replica is away that commits wait for."""

from pathlib import Path

from chaos import replay


async def test_no_answer_is_given_again_before_a_replica_has_what_was_done(tmp_path: Path) -> None:
    verdict = await replay.run(tmp_path, seconds=0.2)
    assert verdict.failures == []
