"""The scripts of continuous archiving: what is kept is whole, and enough to recover from."""

import asyncio
import gzip
import math
import os
import subprocess
import time
from pathlib import Path
from shutil import copytree
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

import pytest
from fastapi import FastAPI

from app.postgres.archiving import AGE, archive_age
from chaos.clusters import PATIENCE, Cluster, running
from chaos.programs import started
from chaos.recovery import NOW, OPS, RECOVERED, SECOND, archiving, ops
from dev.cluster import PostgresError, programs
from tests.production import DATABASE_OPTIONS, SERVICES, options


def archive(backups: Path, piece: Path) -> int:
    """Archives a piece of the log; returns the exit status."""
    command = [str(OPS / "archive"), str(backups), str(piece), piece.name]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode  # noqa: S603


def names(folder: Path) -> set[str]:
    """What is in a folder."""
    return {path.name for path in folder.iterdir()}


ANOTHER = "4321:8765"
"""A user and a group that are nobody's."""
AS_ANOTHER = ["setpriv", "--reuid=4321", "--regid=8765", "--clear-groups", "--"]


def copy_photos(photos: Path, backups: Path) -> None:
    """Copies the photos to the backups."""
    command = [str(OPS / "photos"), str(photos), str(backups)]
    subprocess.run(command, check=True)  # noqa: S603


class TestCopyingPhotos:
    def test_copies_those_that_are_complete(self, tmp_path: Path) -> None:
        photos, backups = tmp_path / "uploads", tmp_path / "backups"
        for name in ("ab/cd/abcd", "incoming/cdef"):
            (photos / name).parent.mkdir(parents=True)
            (photos / name).write_text(name)
        for _ in range(2):
            copy_photos(photos, backups)
        kept = [path for path in (backups / "photos").rglob("*") if path.is_file()]
        assert {path.read_text() for path in kept} == {"ab/cd/abcd"}

    def test_fails_if_the_disk_is_full(self, tmp_path: Path) -> None:
        photos, backups = tmp_path / "uploads", tmp_path / "backups"
        for folder in (photos, backups):
            folder.mkdir()
        (photos / "abcd").write_text("photo")
        (backups / "photos.part").symlink_to("/dev/full")
        with pytest.raises(subprocess.CalledProcessError):
            copy_photos(photos, backups)

    def test_keeps_those_that_are_gone_for_a_week(self, tmp_path: Path) -> None:
        photos, backups = tmp_path / "uploads", tmp_path / "backups"
        photos.mkdir()
        (photos / "abcd").write_text("photo")
        copy_photos(photos, backups)
        (photos / "abcd").unlink()
        copy = backups / "photos" / "abcd"
        for days, is_kept in ((6, True), (9, False)):
            moment = time.time() - days * 86400
            os.utime(copy, (moment, moment))
            copy_photos(photos, backups)
            assert copy.exists() == is_kept


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
    backups = tmp_path / "backups"
    cluster = Cluster(tmp_path / "data", archiving(backups))
    moments = []
    async with running(cluster):
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

        with pytest.raises(PostgresError, match="There is no base backup before"):
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


class TestANewMachine:
    """Nothing is there but the backups and PostgreSQL's programs."""

    async def test_gets_all_that_was_archived(self, tmp_path: Path) -> None:
        backups = tmp_path / "backups"
        await self.lose_a_machine(tmp_path / "lost", backups)
        new = Cluster(tmp_path / "new" / "18" / "data")
        await ops("recover", backups, "latest", PGDATA=str(new.data))
        async with running(new):
            await new.until(RECOVERED)
            assert await new.fetchval("SELECT sum(number) FROM numbers") == 3

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give data to another user")
    async def test_works_for_the_user_whose_backups_they_are(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            assert run("chmod", "755", folder) == 0
            # Where the programs are installed, another user may not be let in.
            copied = copytree(programs().parent, folder / "postgresql", symlinks=True)
            backups = folder / "backups"
            await self.lose_a_machine(tmp_path / "lost", backups)
            assert run("chown", "-R", ANOTHER, backups) == 0
            new = Cluster(folder / "new" / "18" / "data")
            await ops("recover", backups, "latest", PGDATA=str(new.data))
            monkeypatch.setattr("dev.cluster.unprivileged", lambda: AS_ANOTHER)
            monkeypatch.setattr("dev.cluster.programs", lambda: copied / "bin")
            async with running(new):
                await new.until(RECOVERED)
                assert await new.fetchval("SELECT sum(number) FROM numbers") == 3

    async def test_needs_a_moment_or_the_latest(self, tmp_path: Path) -> None:
        with pytest.raises(PostgresError, match="Expected a moment in UTC, such as"):
            await ops("recover", tmp_path, "yesterday", PGDATA=str(tmp_path / "data"))

    async def lose_a_machine(self, folder: Path, backups: Path) -> None:
        """A machine on which something was written before and after the base backup."""
        cluster = Cluster(folder, archiving(backups))
        async with running(cluster):
            await cluster.execute("CREATE TABLE numbers AS SELECT 1 AS number")
            await ops("base", backups, f"--dbname={cluster.url}")
            await cluster.execute("INSERT INTO numbers VALUES (2)")
            await cluster.stop()


class TestEachNight:
    async def test_a_base_backup_is_taken_and_the_log_goes_on(self, tmp_path: Path) -> None:
        backups = tmp_path / "backups"
        cluster = Cluster(tmp_path / "data", archiving(backups))
        async with running(cluster):
            before = await cluster.fetchval("SELECT pg_current_wal_insert_lsn()::text")
            path = f"{programs()}{os.pathsep}{os.environ['PATH']}"
            script = [str(OPS / "nightly"), str(backups), f"--dbname={cluster.url}"]
            with started(script, tmp_path / "log", {"PATH": path}):
                async with asyncio.timeout(PATIENCE):
                    while not list((backups / "base").glob("*Z")):  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
            assert await cluster.fetchval(f"SELECT pg_current_wal_lsn() > '{before}'")
            assert check(backups) == 0

    def test_what_is_missing_or_old_is_told(self, tmp_path: Path) -> None:
        assert check(tmp_path) == 1
        piece, base = tmp_path / "wal" / "1.gz", tmp_path / "base" / "2026-11-21T030000Z"
        piece.parent.mkdir()
        piece.touch()
        base.mkdir(parents=True)
        assert check(tmp_path) == 0  # there are no photos
        copied = tmp_path / "photos.copied"
        (tmp_path / "photos").mkdir()
        assert check(tmp_path) == 1
        copy_photos(tmp_path / "wal", tmp_path)
        assert check(tmp_path) == 0
        for path, hours in ((piece, 0.2), (base, 27), (copied, 2.2)):
            then = time.time() - hours * 3600
            os.utime(path, (then, then))
            assert check(tmp_path) == 1
            path.touch()


class TestTheAge:
    """For how long nothing has been archived, as the metrics tell it."""

    async def test_is_told_even_when_archiving_was_ended_by_mistake(self, tmp_path: Path) -> None:
        cluster = Cluster(tmp_path / "data", archiving(tmp_path / "backups"))
        async with running(cluster):
            assert 0 <= await cluster.fetchval(AGE) < PATIENCE  # since the start, at first
            await cluster.execute("SELECT pg_switch_wal()")
            await cluster.until("SELECT last_archived_time IS NOT NULL FROM pg_stat_archiver")
            await cluster.stop()
            forgetful = Cluster(cluster.data)
            async with running(forgetful):
                assert await forgetful.fetchval("SHOW archive_mode") == "off"
                assert await forgetful.fetchval(AGE) > 0

    async def test_is_none_where_nothing_is_to_be_archived(self, app: FastAPI) -> None:
        assert math.isnan(await archive_age(app.state.database))


def check(backups: Path) -> int:
    """Whether the backups are as new as they should be, as an exit status."""
    return run(OPS / "check", backups)


def run(*command: str | Path) -> int:
    """Runs a program; returns its exit status."""
    return subprocess.run(command, check=False, stdout=DEVNULL).returncode  # noqa: S603


class TestProduction:
    """The containers of production archive by themselves, whatever else is named beside them."""

    def test_archives_with_the_script(self) -> None:
        told = archiving(Path("/backups"))
        command = told["archive_command"].replace(str(OPS), "/ops")
        assert options(told | {"archive_command": command}) <= DATABASE_OPTIONS

    def test_copies_the_database_each_night(self) -> None:
        backup, database = SERVICES["backup"], SERVICES["db"]
        assert backup["image"] == database["image"]
        assert backup["entrypoint"] == ["/ops/nightly", "/backups"]
        assert backup["healthcheck"]["test"] == ["CMD", "/ops/check", "/backups"]
        shared = {"backups:/backups", "./ops/backup:/ops:ro"}
        assert shared <= set(backup["volumes"]) & set(database["volumes"])
        assert backup["network_mode"] == "none"
