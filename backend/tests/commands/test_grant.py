"""``python -m app grant``: those who serve may work on rows, and do nothing else."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import URL

from app.db.models import metadata
from tests.server import BACKEND, ROLE_PASSWORD, drop_role, dsn, settings_for

TABLES = sorted(set(metadata.tables) - {"audit"})
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
OF = """
    SELECT array_agg(right_ ORDER BY position)
    FROM unnest($1::text[]) WITH ORDINALITY AS rights (right_, position)
    WHERE has_table_privilege($2, right_)
"""
REFUSED = [
    "UPDATE audit SET network = ''",
    "DELETE FROM audit",
    "TRUNCATE audit CASCADE",
    "DROP TRIGGER append_only ON audit",
    "ALTER TABLE audit DISABLE TRIGGER append_only",
    "DROP FUNCTION refuse_change() CASCADE",
    "SET session_replication_role = replica",
    "UPDATE alembic_version SET version_num = ''",
    "TRUNCATE users CASCADE",
    "DROP TABLE users CASCADE",
    "ALTER TABLE users ADD COLUMN mine text",
    "CREATE INDEX ON users (id)",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY users TO PROGRAM 'cat'",
]


@pytest.fixture
def owner(server: str, database_name: str) -> URL:
    """The address of the database, for its owner."""
    return settings_for(server, database_name).sqlalchemy_url


@pytest.fixture
async def connection(owner: URL, database_role: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the role that was let in."""
    connection = await asyncpg.connect(as_role(owner, database_role, ROLE_PASSWORD))
    yield connection
    await connection.close()


@pytest.fixture
def newcomer(server: str, database_name: str) -> Iterator[str]:
    """The name of a role that a test lets in."""
    name = f'a "new" role {uuid4().hex}'
    yield name
    drop_role(server, name.replace('"', '""'), database_name)


def as_role(owner: URL, role: str, password: str) -> str:
    return dsn(owner.set(username=role, password=password))


def grant(owner: URL, role: str, file: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command as the owner, who has no keys of the service."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": dsn(owner)}
    return subprocess.run(  # noqa: S603 (a command of our own)
        [sys.executable, "-m", "app", "grant", role, str(file)],
        cwd=BACKEND,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


class TestWhoWasLetIn:
    @pytest.mark.parametrize("statement", REFUSED)
    async def test_may_not(self, connection: asyncpg.Connection, statement: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)

    @pytest.mark.parametrize("table", TABLES)
    async def test_may_work_on_the_rows_of(
        self, connection: asyncpg.Connection, table: str
    ) -> None:
        rights = await connection.fetchval(OF, RIGHTS, table)
        assert rights == ["SELECT", "INSERT", "UPDATE", "DELETE"]

    async def test_may_only_add_to_the_audit(self, connection: asyncpg.Connection) -> None:
        assert await connection.fetchval(OF, RIGHTS, "audit") == ["SELECT", "INSERT"]
        assert await connection.fetchval(OF, RIGHTS, "alembic_version") == ["SELECT"]

    async def test_may_work_on_tables_of_later_migrations(
        self, owner: URL, database_role: str
    ) -> None:
        connection = await asyncpg.connect(dsn(owner))
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("CREATE TABLE later (id int)")
        await connection.execute(f'SET LOCAL ROLE "{database_role}"')
        await connection.execute("INSERT INTO later VALUES (1)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DROP TABLE later")
        await transaction.rollback()
        await connection.close()


class TestLettingIn:
    async def test_makes_the_role_with_its_password(
        self, owner: URL, newcomer: str, tmp_path: Path
    ) -> None:
        (tmp_path / "password").write_text("%20$'\"\\\n")
        result = grant(owner, newcomer, tmp_path / "password")
        assert (result.returncode, result.stderr) == (0, "")
        connection = await asyncpg.connect(as_role(owner, newcomer, "%20$'\"\\"))
        assert await connection.fetchval("SELECT current_user") == newcomer
        await connection.close()

    async def test_again_changes_the_password(
        self, owner: URL, newcomer: str, tmp_path: Path
    ) -> None:
        for password in ("first", "second"):
            (tmp_path / "password").write_text(password)
            grant(owner, newcomer, tmp_path / "password")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(as_role(owner, newcomer, "first"))

    async def test_again_takes_what_is_too_much(
        self, owner: URL, newcomer: str, tmp_path: Path
    ) -> None:
        (tmp_path / "password").write_text("secret")
        grant(owner, newcomer, tmp_path / "password")
        connection = await asyncpg.connect(dsn(owner))
        (name,) = await connection.fetchrow("SELECT quote_ident($1)", newcomer)
        await connection.execute(f"GRANT ALL ON audit TO {name}")
        grant(owner, newcomer, tmp_path / "password")
        await connection.execute(f"SET ROLE {name}")
        assert await connection.fetchval(OF, RIGHTS, "audit") == ["SELECT", "INSERT"]
        await connection.close()

    @pytest.mark.parametrize("password", ["", "\n", "schlüssel", "two\nlines"])
    def test_without_a_good_password_is_refused(
        self, owner: URL, tmp_path: Path, password: str
    ) -> None:
        (tmp_path / "password").write_text(password)
        result = grant(owner, "nobody", tmp_path / "password")
        assert result.returncode == 1
        assert "must contain a password" in result.stderr
        assert "Traceback" not in result.stderr

    def test_the_owner_is_refused(self, owner: URL, tmp_path: Path) -> None:
        (tmp_path / "password").write_text("secret")
        result = grant(owner, str(owner.username), tmp_path / "password")
        assert result.returncode == 1
        assert (
            result.stderr
            == f"The role {owner.username} may do more than it should: choose another.\n"
        )
