"""Database roles with the least privileges that the service and the worker need."""

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
    """The role exists already, and has more privileges than the service needs."""


async def grant(
    transaction: Transaction, role: str, password: str, append_only: Iterable[str] = ()
) -> None:
    """Grants a role access to the rows of all tables, present and future, and nothing else.

    The role is created if it is missing. Only the owner of the tables can do this, and only for
    tables that they own or create later.

    Args:
        transaction: The unit of work, as the owner of the tables.
        role: The name of the role.
        password: Its new password. Only its SCRAM verifier is sent, so that no statement log
            contains it.
        append_only: Tables without UPDATE and DELETE.

    Raises:
        RoleMayDoMore: The role has other privileges already.
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
    """The SCRAM-SHA-256 verifier of a password (RFC 5803, RFC 7677)."""
    salt = os.urandom(SALT_SIZE)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt_, stored_, server_ = (base64.b64encode(part).decode() for part in (salt, stored, server))
    return f"SCRAM-SHA-256${ITERATIONS}:{salt_}${stored_}:{server_}"
