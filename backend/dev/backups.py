"""``make backup`` and ``make restore``: a database in one file, with a checksum beside it.

Needs nothing but Python's own library, so that it also runs where only containers do.
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
from typing import IO

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
EMPTY = """
SET LOCAL client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
"""Makes the schema what it is in a new database."""
NAMED_ROLE = re.compile(
    r"""^(?:GRANT|REVOKE|ALTER)\b.*\s
    (?:TO|FROM|ROLE)\s("(?:[^"]|"")+"|(?!PUBLIC\b)[\w$]+)
    (?=\sWITH\sGRANT\sOPTION;$|;$|\sIN\sSCHEMA\s|\s(?:GRANT|REVOKE)\s)""",
    re.MULTILINE | re.VERBOSE,
)
"""A role in a statement of a dump about owners and rights."""
MAKE_ROLE = """
DO $make$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE quote_ident(rolname) = $role${role}$role$) THEN
        CREATE ROLE {role};
    END IF;
END $make$;
"""
"""Makes a role if it is missing, as one that can't log in: `python -m app grant` lets it."""


class BackupError(Exception):
    """A backup can't be made or used; the message says why."""


class Place:
    """Where the database is.

    Args:
        prefix: The words with which to run a program there.
        url: The address of the database there, unless its environment says it.
    """

    def __init__(self, prefix: Sequence[str], url: str | None = None) -> None:
        self._prefix = prefix
        self._database = [url] if url else []

    def pg_dump(self) -> subprocess.Popen[str]:
        """Starts to write a dump to stdout, and to tell of it on stderr."""
        command = [*self._prefix, "pg_dump", "--format=custom", "--verbose", *self._database]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def pg_restore(self, dump: int, script: int) -> subprocess.Popen[str]:
        """Starts to turn a dump into statements, and to tell of it on stderr."""
        command = [*self._prefix, "pg_restore", "--file=-", "--verbose"]
        return subprocess.Popen(
            command, stdin=dump, stdout=script, stderr=subprocess.PIPE, text=True
        )

    def psql(self) -> subprocess.Popen[str]:
        """Starts a prompt that stops at the first error, and returns bare values."""
        options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        return subprocess.Popen(
            [*self._prefix, "psql", *options, "--set=ON_ERROR_STOP=1", *self._database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def count_tables(self) -> int:
        """How many tables of ours there are.

        Raises:
            BackupError: The database can't be asked.
        """
        psql = self.psql()
        answer, _ = psql.communicate(TABLES)
        if psql.returncode != 0:
            raise BackupError("The database can't be reached.")
        return int(answer)

    def count_tables_in(self, file: Path) -> int:
        """How many tables of ours are in a dump."""
        with file.open("rb") as source:
            listing = subprocess.run(
                [*self._prefix, "pg_restore", "--list"],
                stdin=source,
                stdout=subprocess.PIPE,
                check=False,
            )
        return listing.stdout.count(b" TABLE DATA ")

    def roles_in(self, file: Path) -> list[str]:
        """The roles that a dump needs, as SQL writes them."""
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
    """Writes all that is in the database to a new file of a folder.

    Raises:
        BackupError: PostgreSQL can't; nothing is left behind.
    """
    tables = place.count_tables()
    folder.mkdir(mode=0o700, exist_ok=True)
    os.umask(0o077)  # here are all the secrets of all the people
    file = folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.dump"
    part = file.with_suffix(".part")
    try:
        with part.open("xb") as target, place.pg_dump() as pg_dump:
            # Into a file, pg_dump would write its list of contents twice.
            copying = subprocess.Popen(["cat"], stdin=pg_dump.stdout, stdout=target)  # noqa: S607
            close(pg_dump.stdout)  # so that it ends when nobody reads it
            end = follow(pg_dump, "dumping contents of table", tables)
            if pg_dump.wait() or copying.wait():
                raise BackupError(f"The database can't be dumped:\n{end}")
            os.fsync(target.fileno())
        checksum_file(file).write_text(f"{checksum(part)}  {file.name}\n")
        return part.rename(file)
    finally:
        part.unlink(missing_ok=True)


def restore(place: Place, file: Path, *, overwrite: bool) -> None:
    """Puts a dump into a database: all of it, or nothing. Roles that it names are made if missing.

    Args:
        place: Where the database is.
        file: The dump.
        overwrite: Whether to remove what is in the database.

    Raises:
        BackupError: The file is not as it was made, the database is not empty, or PostgreSQL
            can't. The database is then as it was.
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
    # Nothing is committed unless the dump was whole.
    complete = pg_restore.wait() == 0
    psql.communicate("ANALYZE; COMMIT;" if complete else "")
    if not complete or psql.returncode != 0:
        raise BackupError(f"Nothing was restored; the database is as it was.\n{end}")


def follow(process: subprocess.Popen[str], words: str, tables: int) -> str:
    """Shows how far PostgreSQL has come, by what it says, until it says no more.

    Args:
        process: What says it.
        words: What it says when it comes to the next table.
        tables: How many tables there are.

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


def close(stream: IO[str] | None) -> None:
    """Leaves a stream to the program that uses it, too."""
    if stream:
        stream.close()


def checksum_file(file: Path) -> Path:
    """Where the checksum of a dump is, as ``sha256sum --check`` wants it."""
    return file.with_name(f"{file.name}.sha256")


def checksum(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def demand_whole(file: Path) -> None:
    """Refuses a dump that isn't the one that was made.

    Raises:
        BackupError: Its checksum is another one, or missing.
    """
    try:
        expected = checksum_file(file).read_text().split()[0]
    except (OSError, IndexError) as error:
        raise BackupError(f"{file} has no checksum in {checksum_file(file).name}.") from error
    if checksum(file) != expected:
        raise BackupError(f"{file} is damaged: its checksum is not that of the dump.")


def main() -> None:
    """Dumps or restores, or ends the program with a message."""
    parser = ArgumentParser(prog="python -m dev.backups", description=__doc__)
    parser.add_argument("--at", type=shlex.split, default=[], help="how to run a program there")
    commands = parser.add_subparsers(required=True, dest="command")
    commands.add_parser("dump").add_argument("folder", type=Path)
    restoring = commands.add_parser("restore")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--overwrite", action="store_true")
    chosen = parser.parse_args()
    place = Place(chosen.at, None if chosen.at else os.environ.get("DATABASE_URL"))
    try:
        if chosen.command == "dump":
            print(dump(place, chosen.folder))
        else:
            restore(place, chosen.file, overwrite=chosen.overwrite)
    except (BackupError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
