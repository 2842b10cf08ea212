"""The scripts of continuous archiving: what is kept is whole, and enough to recover from."""

import asyncio
import gzip
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from chaos.clusters import Cluster, running
from chaos.recovery import NOW, OPS, RECOVERED, SECOND, ops
from dev.cluster import PostgresError
from tests.production import SERVICES


def archive(backups: Path, piece: Path) -> int:
    """Archives a piece of the log; returns the exit status."""
    command = [str(OPS / "archive"), str(backups), str(piece), piece.name]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode  # noqa: S603


def names(folder: Path) -> set[str]:
    """What is in a folder."""
    return {path.name for path in folder.iterdir()}


class TestArchivingAPiece:
    def test_keeps_it(self, tmp_path: Path) -> None:
        piece = tmp_path / "000000010000000000000001"
        piece.write_bytes(b"log" * 1000)
        assert archive(tmp_path, piece) == 0
        (kept,) = (tmp_path / "wal").iterdir()
        assert gzip.decompress(kept.read_bytes()) == piece.read_bytes()

    def test_may_be_done_twice(self, tmp_path: Path) -> None:
        piece = tmp_path / "000000010000000000000001"
        piece.write_bytes(b"log")
        assert [archive(tmp_path, piece), archive(tmp_path, piece)] == [0, 0]

    def test_never_replaces_another(self, tmp_path: Path) -> None:
        piece = tmp_path / "000000010000000000000001"
        piece.write_bytes(b"log")
        archive(tmp_path, piece)
        piece.write_bytes(b"gol")
        assert archive(tmp_path, piece) != 0
        (kept,) = (tmp_path / "wal").iterdir()
        assert gzip.decompress(kept.read_bytes()) == b"log"

    def test_begins_anew_after_it_was_interrupted(self, tmp_path: Path) -> None:
        piece = tmp_path / "000000010000000000000001"
        piece.write_bytes(b"log")
        (tmp_path / "wal").mkdir()
        (tmp_path / "wal" / f"{piece.name}.gz.part").write_bytes(b"half")
        assert archive(tmp_path, piece) == 0
        assert [path.suffix for path in (tmp_path / "wal").iterdir()] == [".gz"]

    def test_fails_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        piece = tmp_path / "000000010000000000000001"
        piece.write_bytes(b"log")
        (tmp_path / "wal").write_text("no folder")
        assert archive(tmp_path, piece) != 0


async def test_the_newest_base_backup_is_enough_for_any_moment_since(tmp_path: Path) -> None:
    backups, cluster = tmp_path / "backups", Cluster(tmp_path / "data")
    moments = []
    async with running(cluster):
        await ops("begin", backups, f"--dbname={cluster.url}")
        await cluster.stop()
        await cluster.start()
        too_early = await cluster.fetchval(NOW)
        await cluster.execute("CREATE TABLE numbers AS SELECT 1 AS number")
        for _ in range(2):
            await ops("base", backups, f"--dbname={cluster.url}")
            await asyncio.sleep(SECOND)
        for _ in range(2):
            moments.append(await cluster.fetchval(NOW))
            await cluster.execute("INSERT INTO numbers SELECT max(number) + 1 FROM numbers")
        moments.append(await cluster.fetchval(NOW))
        await cluster.execute("DROP TABLE numbers")
        await cluster.stop()
        log = names(backups / "wal")
        _, newest = sorted(names(backups / "base"))
        await ops("prune", backups, "1")
        assert names(backups / "base") == {newest}
        assert names(backups / "wal") < log

        with pytest.raises(PostgresError, match="No base backup is that old"):
            await ops("recover", backups, too_early, PGDATA=str(cluster.data))
        for numbers, moment in enumerate(moments, start=1):
            await ops("recover", backups, moment, PGDATA=str(cluster.data))
            await cluster.start()
            await cluster.until(RECOVERED)
            assert await cluster.fetchval("SELECT count(*) FROM numbers") == numbers
            await cluster.stop()
            await asyncio.sleep(SECOND)  # what is set aside is named after the second, too
    aside = {name for name in names(tmp_path) if name.startswith("data.2")}
    assert len(aside) == len(moments)


def test_the_containers_are_those_of_production() -> None:
    override = yaml.safe_load((OPS / "compose.backup.yml").read_text())
    assert override["services"].keys() <= SERVICES.keys()
    (database,) = override["services"].values()
    assert "./ops/backup:/ops:ro" in database["volumes"]
