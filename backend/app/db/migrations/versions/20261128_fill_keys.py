"""Fill the keys of the rows that are there, and move the indexes to them.

Rows are filled in parts, each a transaction of its own, while others write. If two accounts have
the same address in different spellings, it ends with a message and has changed nothing. It can be
run again after it was interrupted.

Revision ID: e15f82a6d97b
Revises: d09e63b7c548
Create Date: 2026-11-28 19:04:00.000000+00:00
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from unicodedata import normalize
from uuid import UUID

import sqlalchemy as sa
from alembic import context, op
from alembic.util import CommandError

revision: str = "e15f82a6d97b"
down_revision: str | None = "d09e63b7c548"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT_ONCE = 2000  # rows
LONGEST = 320  # characters
IGNORED = re.compile(
    "[\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e"
    "\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]"
)

NO_ASCII = "octet_length(email) > char_length(email)"
"""The addresses whose keys PostgreSQL can't make. All other keys are as unique as before."""

VERIFIED = sa.text("pending_until IS NULL")
OLD_INDEXES = (
    ("uq_users_email", "users", ["lower(email)"], True, VERIFIED),
    ("ix_users_email", "users", ["lower(email)"], False, None),
    ("uq_users_username", "users", ["lower(username)"], True, None),
    ("ix_users_username", "users", ["lower(username) text_pattern_ops"], False, None),
    ("ix_profiles_full_name", "profiles", ["lower(full_name) text_pattern_ops"], False, None),
    ("ix_cleanings_area", "cleanings", ["lower(area)", "status", "id"], False, None),
)
NEW_INDEXES = (
    ("uq_users_email_key", "users", ["email_key"], True, VERIFIED),
    ("ix_users_email_key", "users", ["email_key"], False, None),
    ("uq_users_username_key", "users", ["username_key"], True, None),
    ("ix_profiles_full_name_key", "profiles", ["full_name_key"], False, None),
    ("ix_cleanings_area_key", "cleanings", ["area_key", "status", "id"], False, None),
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("RESET lock_timeout")
        if context.is_offline_mode():
            demand_no_rows()
        else:
            refuse_collisions()
            fill_all()
        op.execute("SET lock_timeout = '200ms'")
        op.execute(
            "-- squawk-ignore ban-drop-constraint\n"
            "ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_keyed"
        )
        op.execute(
            "ALTER TABLE users ADD CONSTRAINT ck_users_keyed "
            "CHECK (username_key IS NOT NULL AND email_key IS NOT NULL) NOT VALID"
        )
        op.execute("RESET lock_timeout")
        if not context.is_offline_mode():
            fill_all()  # also what was written in the meantime
        make_indexes(NEW_INDEXES)
        drop_indexes(OLD_INDEXES)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        make_indexes(OLD_INDEXES)
        drop_indexes(NEW_INDEXES)
        op.execute("ALTER TABLE users DROP CONSTRAINT IF EXISTS ck_users_keyed")


def demand_no_rows() -> None:
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM users) THEN RAISE EXCEPTION "
        "'There are accounts. Run this revision with alembic, which makes their keys.'; "
        "END IF; END $$"
    )


def refuse_collisions() -> None:
    connection = op.get_bind()
    ids: dict[str, set[str]] = defaultdict(set)
    verified = f"FROM users WHERE {VERIFIED}"
    for row in connection.execute(sa.text(f"SELECT id, email {verified} AND {NO_ASCII}")):
        ids[email_key(row.email)].add(str(row.id))
    with_these = sa.text(f"SELECT id, email {verified} AND lower(email) = ANY (:keys)")
    for row in connection.execute(with_these, {"keys": list(ids)}):
        ids[email_key(row.email)].add(str(row.id))
    collisions = [" and ".join(sorted(same)) for same in ids.values() if len(same) > 1]
    if collisions:
        raise CommandError(
            "These accounts have the same email address in different spellings: "
            f"{'; '.join(collisions)}. Change or delete all but one of each, then upgrade again. "
            "Nothing has been changed."
        )


def fill_all() -> None:
    fill("users", "id", {"username": text_key, "email": email_key})
    fill("profiles", "user_id", {"full_name": text_key})
    fill("cleanings", "id", {"area": text_key})


def fill(table: str, key: str, made: Mapping[str, Callable[[str], str]]) -> None:
    connection = op.get_bind()
    lacking = " OR ".join(f"({name} IS NOT NULL AND {name}_key IS NULL)" for name in made)
    some = sa.text(
        f"SELECT {key} AS key, {', '.join(made)} FROM {table} "  # noqa: S608 (names of our own)
        f"WHERE {key} > :after AND ({lacking}) ORDER BY {key} LIMIT {AT_ONCE}"
    ).bindparams(sa.bindparam("after", type_=sa.Uuid()))
    update = sa.text(
        f"UPDATE {table} SET {', '.join(f'{name}_key = :{name}_key' for name in made)} "  # noqa: S608
        f"WHERE {key} = :key AND {' AND '.join(f'{name} = :{name}' for name in made)}"
    )
    after = UUID(int=0)
    while rows := connection.execute(some, {"after": after}).mappings().all():
        filled = [
            dict(row) | {f"{name}_key": make(row[name]) for name, make in made.items()}
            for row in rows
        ]
        connection.execute(update, filled)
        after = rows[-1]["key"]


def make_indexes(indexes: Sequence[tuple[str, str, list[str], bool, object]]) -> None:
    for name, table, columns, unique, where in indexes:
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            [sa.literal_column(column) if "(" in column else column for column in columns],
            unique=unique,
            postgresql_where=where,
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def drop_indexes(indexes: Sequence[tuple[str, str, list[str], bool, object]]) -> None:
    for name, table, *_ in indexes:
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)


def text_key(text: str) -> str:
    text = text[:LONGEST]
    if not text.isascii():
        folded = normalize("NFKD", normalize("NFD", text).casefold()).casefold()
        text = normalize("NFKC", IGNORED.sub("", folded))
    return " ".join(text.lower().split()) if text.isascii() else " ".join(text.split())


def email_key(email: str) -> str:
    local, at, domain = email[:LONGEST].strip().rpartition("@")
    return f"{text_key(local)}{at}{'.'.join(map(label_key, domain.split('.')))}"


def label_key(label: str) -> str:
    # Domains were stored as UTS #46 maps them, so this is what IDNA 2008 makes of them.
    return label.lower() if label.isascii() else "xn--" + label.encode("punycode").decode()
