"""Who may do what in the database: the roles of those who serve, and what they must not do."""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable

from app.postgres.transactions import Transaction

ITERATIONS = 4096  # PostgreSQL's own; a random password needs no more
SALT_SIZE = 16  # bytes

MAY_DO_MORE = """
    SELECT FROM pg_roles AS role WHERE rolname = $1 AND (
        rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
        OR EXISTS (SELECT FROM pg_auth_members WHERE member = role.oid)
        OR EXISTS (SELECT FROM pg_class WHERE relowner = role.oid)
        OR EXISTS (SELECT FROM pg_database WHERE datdba = role.oid)
    )
"""
EXISTS = "SELECT FROM pg_roles WHERE rolname = $1"
QUOTED = "SELECT quote_ident($1), quote_literal($2), quote_ident(current_database())"

STATEMENTS = """
    ALTER ROLE {role} LOGIN PASSWORD {verifier};
    REVOKE ALL ON DATABASE {database} FROM PUBLIC, {role};
    GRANT CONNECT ON DATABASE {database} TO {role};
    REVOKE ALL ON SCHEMA public FROM PUBLIC, {role};
    GRANT USAGE ON SCHEMA public TO {role};
    REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
    REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}
"""


class RoleMayDoMore(ValueError):
    """The role is there already, and has rights that nobody who serves needs."""


async def grant(
    transaction: Transaction, role: str, password: str, append_only: Iterable[str] = ()
) -> None:
    """Lets a role read and write the rows of all tables, present and future, and nothing else.

    The role is made if it is missing. Only the owner of the tables can do this, and only for tables
    that are to be theirs.

    Args:
        transaction: The unit of work, of the owner.
        role: Who may.
        password: Its password from now on. The database is told only how to verify it, so that no
            log of statements has it.
        append_only: Tables to which rows are only added.

    Raises:
        RoleMayDoMore: The role has rights beyond these, which nobody here has given it.
    """
    if await transaction.fetch(MAY_DO_MORE, [role]):
        raise RoleMayDoMore(f"The role {role} may do more than it should: choose another.")
    ((name, verifier, database),) = await transaction.fetch(QUOTED, [role, verifier_of(password)])
    if not await transaction.fetch(EXISTS, [role]):
        await transaction.fetch(f"CREATE ROLE {name}", ())
    for statement in STATEMENTS.split(";"):
        sql = statement.format(role=name, verifier=verifier, database=database)
        await transaction.fetch(sql, ())
    for table in append_only:
        await transaction.fetch(f"REVOKE UPDATE, DELETE ON {table} FROM {name}", ())


def verifier_of(password: str) -> str:
    """What a server keeps to verify a password (SCRAM-SHA-256: RFC 5803, RFC 7677)."""
    salt = os.urandom(SALT_SIZE)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_, stored_, server_ = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${ITERATIONS}:{salt_}${stored_}:{server_}"
