"""Backups: what is dumped can be restored elsewhere, and nothing is lost by trying."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.db.models import metadata
from dev.backups import checksum_file
from dev.cluster import programs
from tests.db.catalog import catalog, fetch
from tests.factories.bookings import make_finished_booking
from tests.factories.evaluations import make_evaluation
from tests.factories.users import Market
from tests.server import BACKEND, execute, settings_for

pytestmark = pytest.mark.committed

TIME_LIMIT = 120
RIGHTS = """
    SELECT relname, unnest(relacl)::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION SELECT nspname, unnest(nspacl)::text FROM pg_namespace WHERE nspname = 'public'
    UNION SELECT defaclobjtype::text, unnest(defaclacl)::text FROM pg_default_acl
"""


@pytest.fixture
async def filled(market: Market, database_name: str) -> str:
    """A database in which something has happened."""
    await make_evaluation(market, await make_finished_booking(market))
    return database_name


def backups(
    server: str, database: str, *arguments: str | Path, largest: str = "unlimited"
) -> tuple[int, str]:
    """Runs the program of `make backup` and `make restore`.

    Args:
        server: The server.
        database: The database on it.
        arguments: Those of the program.
        largest: How many half kilobytes of a file it may write.

    Returns:
        Its exit status and what it says.
    """
    limited = ["sh", "-c", f'ulimit -f {largest} && exec "$0" "$@"']
    url = settings_for(server, database).sqlalchemy_url.set(drivername="postgresql")
    result = subprocess.run(  # noqa: S603 (a command of our own)
        [*limited, sys.executable, "-m", "dev.backups", *arguments],
        cwd=BACKEND,
        env={
            "PATH": f"{programs()}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": url.render_as_string(hide_password=False),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )
    return result.returncode, result.stdout


def photos_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def dumped(server: str, database: str, folder: Path) -> Path:
    """The file of a new dump."""
    status, said = backups(server, database, "dump", folder / "backups")
    assert status == 0, said
    return Path(said.splitlines()[-1])


def contents(server: str, database: str) -> dict[str, list[Any]]:
    """All rows of all tables."""
    return {
        name: fetch(server, database, f"SELECT * FROM {name} ORDER BY {name}")  # noqa: S608 (our own names)
        for name in (*metadata.tables, "alembic_version")
    }


def rights(server: str, database: str) -> set[tuple[str, str]]:
    """Who may do what with the tables and their schema."""
    return {tuple(row) for row in fetch(server, database, RIGHTS)}


class TestABackup:
    def test_is_restored_row_by_row(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        file = dumped(server, filled, tmp_path)
        status, said = backups(server, empty_database, "restore", file)
        assert status == 0, said
        assert contents(server, empty_database) == contents(server, filled)
        assert catalog(server, empty_database).keys() == catalog(server, filled).keys()
        assert rights(server, empty_database) == rights(server, filled)

    def test_is_restored_where_its_roles_are_missing(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        roles = ('"server of a dump"', "worker_of_a_dump")
        execute(server, *(f"CREATE ROLE {role}" for role in roles))
        for role in roles:
            execute(
                server,
                f"GRANT SELECT ON users TO {role}",
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {role}",
                database=filled,
            )
        expected = rights(server, filled)
        file = dumped(server, filled, tmp_path)
        for role in roles:
            execute(server, f"DROP OWNED BY {role}", f"DROP ROLE {role}", database=filled)
        try:
            status, said = backups(server, empty_database, "restore", file)
            assert status == 0, said
            assert rights(server, empty_database) == expected
        finally:
            for role in roles:
                execute(server, f"DROP OWNED BY {role}", database=empty_database)
                execute(server, f"DROP ROLE {role}")

    def test_says_how_far_it_has_come(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        tables = len(metadata.tables) + 1
        last = f"{tables:4} of {tables}: "
        assert last in backups(server, filled, "dump", tmp_path)[1]
        (file,) = tmp_path.glob("*.dump")
        assert last in backups(server, empty_database, "restore", file)[1]

    def test_is_nobody_elses_to_read(self, server: str, filled: str, tmp_path: Path) -> None:
        file = dumped(server, filled, tmp_path)
        files = [file, checksum_file(file)]
        assert sorted(file.parent.iterdir()) == sorted(files)
        assert [oct(path.stat().st_mode)[-3:] for path in (file.parent, *files)] == [
            "700",
            "600",
            "600",
        ]

    def test_has_a_checksum_that_others_can_check(
        self, server: str, filled: str, tmp_path: Path
    ) -> None:
        file = dumped(server, filled, tmp_path)
        command = ["sha256sum", "--check", checksum_file(file).name]
        subprocess.run(command, cwd=file.parent, check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    def test_of_nothing_leaves_nothing(self, server: str, tmp_path: Path) -> None:
        status, said = backups(server, "there-is-none", "dump", tmp_path)
        assert status == 1
        assert "The database can't be reached." in said
        assert list(tmp_path.iterdir()) == []

    def test_that_the_disk_has_no_room_for_leaves_nothing(
        self, server: str, filled: str, tmp_path: Path
    ) -> None:
        status, said = backups(server, filled, "dump", tmp_path, largest="16")
        assert status == 1
        assert "The database can't be dumped" in said
        assert list(tmp_path.iterdir()) == []


class TestRestoring:
    def test_into_a_database_with_tables_has_to_be_meant(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        file = dumped(server, filled, tmp_path)
        execute(server, "CREATE TABLE users (kept int)", database=empty_database)
        status, said = backups(server, empty_database, "restore", file)
        assert status == 1
        assert "There are 1 tables in the database. OVERWRITE=1 removes them." in said
        assert fetch(server, empty_database, "SELECT kept FROM users") == []

        status, said = backups(server, empty_database, "restore", file, "--overwrite")
        assert status == 0, said
        assert contents(server, empty_database) == contents(server, filled)
        assert catalog(server, empty_database).keys() == catalog(server, filled).keys()
        assert rights(server, empty_database) == rights(server, filled)

    @pytest.mark.parametrize("damage", ["cut off", "altered", "without its checksum"])
    def test_refuses_what_is_not_whole(
        self, server: str, filled: str, empty_database: str, tmp_path: Path, damage: str
    ) -> None:
        file = dumped(server, filled, tmp_path)
        dump = file.read_bytes()
        if damage == "cut off":
            file.write_bytes(dump[: len(dump) // 2])
        elif damage == "altered":
            file.write_bytes(dump[:-9] + b"X" + dump[-8:])
        else:
            checksum_file(file).unlink()
        status, said = backups(server, empty_database, "restore", file)
        assert status == 1
        assert "checksum" in said
        assert catalog(server, empty_database) == {}

    def test_that_fails_leaves_the_database_as_it_was(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        file = dumped(server, filled, tmp_path)
        self.cut_off_the_end(file)
        kept = ("CREATE TABLE users (kept int)", "INSERT INTO users VALUES (1)")
        execute(server, *kept, database=empty_database)
        status, said = backups(server, empty_database, "restore", file, "--overwrite")
        assert status == 1
        assert "the database is as it was" in said
        assert [row["kept"] for row in fetch(server, empty_database, "TABLE users")] == [1]

    def test_brings_its_photos(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        photos, others = tmp_path / "photos", tmp_path / "others"
        photos.mkdir()
        (photos / "a.webp").write_bytes(b"a")
        status, said = backups(server, filled, "--photos", photos, "dump", tmp_path)
        assert status == 0, said
        *_, archive, file = said.splitlines()
        assert archive == file.replace(".dump", ".photos.tar")

        others.mkdir()
        (others / "b.webp").write_bytes(b"b")
        status, said = backups(server, empty_database, "--photos", others, "restore", file)
        assert status == 0, said
        assert photos_in(others) == {"a.webp": b"a", "b.webp": b"b"}

    def test_is_refused_if_its_photos_are_damaged(
        self, server: str, filled: str, empty_database: str, tmp_path: Path
    ) -> None:
        photos = tmp_path / "photos"
        photos.mkdir()
        status, said = backups(server, filled, "--photos", photos, "dump", tmp_path)
        assert status == 0, said
        *_, archive, file = said.splitlines()
        Path(archive).write_bytes(b"")
        status, said = backups(server, empty_database, "--photos", photos, "restore", file)
        assert status == 1
        assert f"{archive} is damaged" in said
        assert catalog(server, empty_database) == {}

    def test_has_no_photos_if_there_is_no_folder(
        self, server: str, filled: str, tmp_path: Path
    ) -> None:
        status, said = backups(server, filled, "--photos", tmp_path / "none", "dump", tmp_path)
        assert status == 0, said
        assert list(tmp_path.glob("*.tar")) == []

    def cut_off_the_end(self, file: Path) -> None:
        """Removes the rows of the last tables from a dump, which then looks whole."""
        file.write_bytes(file.read_bytes()[:-500])
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        checksum_file(file).write_text(f"{digest}  {file.name}\n")
