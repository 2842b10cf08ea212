"""The migrations that tie requests to sessions, on a market in use."""

from alembic import command
from alembic.script import ScriptDirectory

from tests.db.catalog import fetch
from tests.server import alembic_for, execute, settings_for

FIRST = "31c7e0a94d52"
SESSIONS = """
    INSERT INTO users (id, email, username, password_hash, role, created_at, updated_at, version)
    SELECT gen_random_uuid(), 'anna@example.com', 'anna', '', 'user', now(), now(), 1;
    INSERT INTO profiles (user_id, created_at, updated_at, version)
    SELECT id, now(), now(), 1 FROM users;
    INSERT INTO sessions (id, user_id, device, created_at, authenticated_at, second_factor,
        refreshed_at, expires_at)
    SELECT gen_random_uuid(), id, device, now(), now(), false, now(), now() + '1 day'
    FROM users, (VALUES ('forked'), ('repeated'), ('plain')) AS made (device);
    INSERT INTO refresh_tokens (session_id, hash, predecessor, issued_at, used_at)
    SELECT id, convert_to(device || name, 'UTF8'), convert_to(device || predecessor, 'UTF8'),
        now(), CASE WHEN is_used THEN now() END
    FROM sessions, LATERAL (VALUES ('first', NULL, true), ('one', 'first', true),
        ('other', 'first', device = 'forked'), ('later', 'one', false))
        AS given (name, predecessor, is_used);
    INSERT INTO links (id, user_id, purpose, email, created_at, expires_at)
    SELECT gen_random_uuid(), id, purpose, email, now(), now() + '1 day'
    FROM users, (VALUES ('change_email'), ('reset_password')) AS asked (purpose);
    INSERT INTO jobs (id, kind, payload, attempts, due_at, created_at)
    SELECT gen_random_uuid(), kind, '{}', 0, now(), now()
    FROM (VALUES ('change_email'), ('reset_password')) AS asked (kind)
"""


def test_ends_what_has_forked_and_what_no_session_answers_for(
    server: str, empty_database: str
) -> None:
    with alembic_for(settings_for(server, empty_database)) as config:
        before = ScriptDirectory.from_config(config).get_revision(FIRST).down_revision
        command.upgrade(config, str(before))
        execute(server, SESSIONS, database=empty_database)
        command.upgrade(config, "head")

    def found(column: str, table: str) -> set[str]:
        return {row[column] for row in fetch(server, empty_database, f"TABLE {table}")}

    assert found("device", "sessions") == {"repeated", "plain"}
    assert found("purpose", "links") == {"reset_password"}
    assert found("kind", "jobs") == {"reset_password"}
