"""``make backup`` and ``make restore``: dumps of the database and the photos, with checksums.

Needs only Python's standard library, so that it runs on machines with Docker only.
"""

import hashlib
import os
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
EMPTY = """
SET LOCAL client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
"""Recreates the schema of a new database."""
NAMED_ROLE = re.compile(
    r"""^(?:GRANT|REVOKE|ALTER)\b.*\s
    (?:TO|FROM|ROLE)\s("(?:[^"]|"")+"|(?!PUBLIC\b)[\w$]+)
    (?=\sWITH\sGRANT\sOPTION;$|;$|\sIN\sSCHEMA\s|\s(?:GRANT|REVOKE)\s)""",
    re.MULTILINE | re.VERBOSE,
)
"""A role in a statement of a dump about owners and privileges."""
MAKE_ROLE = """
DO $make$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE quote_ident(rolname) = $role${role}$role$) THEN
        CREATE ROLE {role};
    END IF;
END $make$;
"""
"""Creates a missing role without login; `python -m app grant` enables it."""


class BackupError(Exception):
    """A failed backup or restore, with the reason."""


class Place:
    """The location of the database.

    Args:
        prefix: The command prefix that runs a program there.
        url: The URL of the database there, unless its environment has it.
    """

    def __init__(self, prefix: Sequence[str], url: str | None = None) -> None:
        self._prefix = prefix
        self._database = [url] if url else []

    def pg_dump(self) -> subprocess.Popen[str]:
        """Starts a dump to stdout, with progress on stderr."""
        command = [*self._prefix, "pg_dump", "--format=custom", "--verbose", *self._database]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def pg_restore(self, dump: int, script: int) -> subprocess.Popen[str]:
        """Starts the conversion of a dump to SQL, with progress on stderr."""
        command = [*self._prefix, "pg_restore", "--file=-", "--verbose"]
        return subprocess.Popen(
            command, stdin=dump, stdout=script, stderr=subprocess.PIPE, text=True
        )

    def psql(self) -> subprocess.Popen[str]:
        """Starts psql, which stops at the first error and prints bare values."""
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        return subprocess.Popen(
            [*self._prefix, "psql", *options, "--set=ON_ERROR_STOP=1", *self._database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def count_tables(self) -> int:
        """The number of tables in the database.

        Raises:
            BackupError: The database is unreachable.
        """
        psql = self.psql()
        answer, _ = psql.communicate(TABLES)
        if psql.returncode != 0:
            raise BackupError("The database can't be reached.")
        return int(answer)

    def count_tables_in(self, file: Path) -> int:
        """The number of tables in a dump."""
        with file.open("rb") as source:
            listing = subprocess.run(
                [*self._prefix, "pg_restore", "--list"],
                stdin=source,
                stdout=subprocess.PIPE,
                check=False,
            )
        return listing.stdout.count(b" TABLE DATA ")

    def roles_in(self, file: Path) -> list[str]:
        """The roles in a dump, as SQL identifiers."""
        with file.open("rb") as source:
            schema = subprocess.run(
                [*self._prefix, "pg_restore", "--file=-", "--schema-only"],
                stdin=source,
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
        return sorted(set(NAMED_ROLE.findall(schema.stdout)))


def dump(place: Place, folder: Path) -> Path:
    """Dumps the database to a new file in a folder.

    Raises:
        BackupError: pg_dump failed; no file remains.
    """
    tables = place.count_tables()
    folder.mkdir(mode=0o700, exist_ok=True)
    os.umask(0o077)  # the dump contains all personal data
    file = folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.dump"
    part = file.with_suffix(".part")
    try:
        with part.open("xb") as target, place.pg_dump() as pg_dump:
            # pg_dump would write its table of contents twice to a file.
            copying = subprocess.Popen(["cat"], stdin=pg_dump.stdout, stdout=target)  # noqa: S607
            assert pg_dump.stdout  # noqa: S101 (for the type checker)
            pg_dump.stdout.close()  # so that it ends when the reader ends
            end = follow(pg_dump, "dumping contents of table", tables)
            if pg_dump.wait() or copying.wait():
                raise BackupError(f"The database can't be dumped:\n{end}")
            os.fsync(target.fileno())
        checksum_file(file).write_text(f"{checksum(part)}  {file.name}\n")
        return part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def restore(place: Place, file: Path, *, overwrite: bool) -> None:
    """Restores a dump in one transaction. Missing roles are created.

    Args:
        place: The location of the database.
        file: The dump.
        overwrite: Whether to remove existing tables.

    Raises:
        BackupError: The file is damaged, the database is not empty, or PostgreSQL failed. The
            database is unchanged then.
    """
    demand_whole(file)
    tables = place.count_tables()
    if tables and not overwrite:
        raise BackupError(f"There are {tables} tables in the database. OVERWRITE=1 removes them.")
    missing = "".join(MAKE_ROLE.format(role=role) for role in place.roles_in(file))
    psql = place.psql()
    assert psql.stdin  # noqa: S101 (for the type checker)
    psql.stdin.write(f"BEGIN; {missing} {EMPTY if tables else ''}")
    psql.stdin.flush()
    with file.open("rb") as source:
        pg_restore = place.pg_restore(source.fileno(), psql.stdin.fileno())
        end = follow(pg_restore, "processing data for table", place.count_tables_in(file))
    # Commit only a complete dump.
    complete = pg_restore.wait() == 0
    psql.communicate("ANALYZE; COMMIT;" if complete else "")
    if not complete or psql.returncode != 0:
        raise BackupError(f"Nothing was restored; the database is as it was.\n{end}")


def archive_photos(folder: Path, file: Path) -> Path:
    """Archives a folder of photos beside a finished dump, so that it lacks no photo of the dump.

    Raises:
        BackupError: tar failed; no archive remains.
    """
    archive = archive_of(file)
    part = archive.with_suffix(".part")
    try:
        run_tar("--create", part, folder)
        checksum_file(archive).write_text(f"{checksum(part)}  {archive.name}\n")
        return part.rename(archive)
    finally:
        part.unlink(missing_ok=True)


def run_tar(action: str, archive: Path, folder: Path) -> None:
    """Runs tar on all files of a folder.

    Raises:
        BackupError: It failed.
    """
    command = ["tar", action, f"--file={archive}", f"--directory={folder}", "."]
    result = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if result.returncode != 0:
        raise BackupError(f"tar has failed:\n{result.stderr}")


def archive_of(file: Path) -> Path:
    """The archive of the photos that belong to a dump."""
    return file.with_suffix(".photos.tar")


def follow(process: subprocess.Popen[str], words: str, tables: int) -> str:
    """Shows the progress of a program by its output, until its end.

    Args:
        process: The program.
        words: The beginning of the line for each table.
        tables: The number of tables.

    Returns:
        The last lines.
    """
    assert process.stderr  # noqa: S101 (for the type checker)
    lines: deque[str] = deque(maxlen=5)
    done = 0
    for line in process.stderr:
        lines.append(line)
        if words in line:
            done += 1
            print(f"{done:4} of {tables}: {line.split(words)[1].strip()}", flush=True)
    return "".join(lines)


def checksum_file(file: Path) -> Path:
    """The file with the checksum of a dump or an archive, for ``sha256sum --check``."""
    return file.with_name(f"{file.name}.sha256")


def checksum(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def demand_whole(file: Path) -> None:
    """Refuses a damaged dump or archive.

    Raises:
        BackupError: The checksum is wrong or missing.
    """
    try:
        expected = checksum_file(file).read_text().split()[0]
    except (OSError, IndexError) as error:
        raise BackupError(f"{file} has no checksum in {checksum_file(file).name}.") from error
    if checksum(file) != expected:
        raise BackupError(f"{file} is damaged: its checksum is wrong.")


def back_up(place: Place, folder: Path, photos: Path | None) -> None:
    """Dumps the database to a folder, and archives the photos if their folder is there."""
    file = dump(place, folder)
    if photos and photos.is_dir():
        print(archive_photos(photos, file))
    print(file)


def recover(place: Place, file: Path, photos: Path | None, *, overwrite: bool) -> None:
    """Restores a dump, and the photos that were archived with it."""
    archive = archive_of(file)
    if photos and archive.exists():
        demand_whole(archive)
    restore(place, file, overwrite=overwrite)
    if photos and archive.exists():
        photos.mkdir(parents=True, exist_ok=True)
        run_tar("--extract", archive, photos)


def main() -> None:
    """Runs ``dump`` or ``restore``, or ends the program with a message."""
    parser = ArgumentParser(prog="python -m dev.backups", description=__doc__)
    parser.add_argument("--at", type=shlex.split, default=[], help="how to run a program there")
    parser.add_argument("--photos", type=Path, help="the folder of the photos; none by default")
    commands = parser.add_subparsers(required=True, dest="command")
    commands.add_parser("dump").add_argument("folder", type=Path)
    restoring = commands.add_parser("restore")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--overwrite", action="store_true")
    chosen = parser.parse_args()
    place = Place(chosen.at, None if chosen.at else os.environ.get("DATABASE_URL"))
    try:
        if chosen.command == "dump":
            back_up(place, chosen.folder, chosen.photos)
        else:
            recover(place, chosen.file, chosen.photos, overwrite=chosen.overwrite)
    except (BackupError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
