"""The migration that gives the names of a market in use their keys."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app.core.names import email_key, text_key
from tests.db.catalog import fetch
from tests.server import alembic_for, execute, settings_for

FIRST = "b3a1f0c45d21"
NAMES = {
    "ANNA": "Anna.Ark@example.com",
    "ben": "İben@straße.example",
    "Clara": "CLÄRA@bücher.example",
    "emma": "e\N{ZERO WIDTH JOINER}\N{COMBINING DIAERESIS}mma@example.com",
    "dora": "do\N{COMBINING DIAERESIS}ra@例え.example",
}
ACCOUNTS = """
    INSERT INTO users (id, email, username, password_hash, role, created_at, updated_at, version)
    SELECT gen_random_uuid(), '{email}', '{username}', '', 'user', now(), now(), 1;
    INSERT INTO profiles (user_id, full_name, created_at, updated_at, version)
    SELECT id, ' ﬁne  ' || username, now(), now(), 1 FROM users WHERE username = '{username}';
    INSERT INTO cleanings (id, owner_id, name, price, currency, area, status, terms_revision,
        created_at, updated_at, version)
    SELECT gen_random_uuid(), id, 'Oven', 1, 'EUR', 'İzmir  ' || username, 'open', 1, now(), now(),
        1 FROM users WHERE username = '{username}'
"""


def fill(server: str, database: str, accounts: dict[str, str]) -> None:
    """Brings a database to the revision before, and makes accounts there."""
    with alembic_for(settings_for(server, database)) as config:
        before = ScriptDirectory.from_config(config).get_revision(FIRST).down_revision
        command.upgrade(config, str(before))
    for username, email in accounts.items():
        execute(server, ACCOUNTS.format(username=username, email=email), database=database)


def test_makes_the_keys_that_the_service_makes(server: str, empty_database: str) -> None:
    fill(server, empty_database, NAMES)
    with alembic_for(settings_for(server, empty_database)) as config:
        command.upgrade(config, "head")
    rows = fetch(
        server,
        empty_database,
        "SELECT username, username_key, email, email_key, full_name, full_name_key, area, area_key "
        "FROM users JOIN profiles ON user_id = users.id JOIN cleanings ON owner_id = users.id",
    )
    assert len(rows) == len(NAMES)
    for row in rows:
        assert row["username_key"] == text_key(row["username"])
        assert row["email_key"] == email_key(row["email"])
        assert row["full_name_key"] == text_key(row["full_name"])
        assert row["area_key"] == text_key(row["area"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\N{FULLWIDTH LATIN SMALL LETTER A}nna@example.com", "anna@example.com"),
        ("straße@example.com", "strasse@example.com"),
        ("\N{LATIN CAPITAL LETTER SHARP S}@example.com", "ss@example.com"),
    ],
)
def test_stops_at_addresses_that_are_the_same_and_changes_nothing(
    server: str, empty_database: str, one: str, other: str
) -> None:
    fill(server, empty_database, NAMES | {"one": one, "other": other})
    with alembic_for(settings_for(server, empty_database)) as config:
        with pytest.raises(CommandError, match="same email address in different") as raised:
            command.upgrade(config, "head")
        rows = fetch(server, empty_database, "TABLE users")
        colliding = {str(row["id"]) for row in rows if row["username"] in ("one", "other")}
        assert all(account_id in str(raised.value) for account_id in colliding)
        assert len(str(raised.value).split(" and ")) == 2
        assert {row["email_key"] for row in rows} == {None}
        execute(server, "DELETE FROM cleanings; DELETE FROM profiles", database=empty_database)
        execute(server, "DELETE FROM users WHERE username = 'one'", database=empty_database)
        command.upgrade(config, "head")
