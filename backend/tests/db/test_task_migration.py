"""The migration that renames the queue: it loses no task, forwards or back."""

from alembic import command
from alembic.script import ScriptDirectory

from tests.db.catalog import fetch
from tests.server import alembic_for, execute, settings_for

REVISION = "3f9d62b7c815"
ADD = """
    INSERT INTO {table} (id, kind, payload, attempts, due_at, created_at)
    SELECT gen_random_uuid(), kind, '{{"number": 1}}', 0, now(), now()
    FROM (VALUES {kinds}) AS made (kind)
"""


def test_a_downgrade_moves_tasks_back_that_the_release_before_knows(
    server: str, empty_database: str
) -> None:
    with alembic_for(settings_for(server, empty_database)) as config:
        command.upgrade(config, "head")
        for table, kinds in (("jobs", "('notice')"), ("tasks", "('send_mail'), ('newer')")):
            execute(server, ADD.format(table=table, kinds=kinds), database=empty_database)
        before = ScriptDirectory.from_config(config).get_revision(REVISION).down_revision
        command.downgrade(config, str(before))
        rows = fetch(server, empty_database, "SELECT kind, payload ->> 'number' AS n FROM jobs")
    assert {(row["kind"], row["n"]) for row in rows} == {("notice", "1"), ("send_mail", "1")}


def test_an_upgrade_leaves_the_old_queue_to_the_release_before(
    server: str, empty_database: str
) -> None:
    with alembic_for(settings_for(server, empty_database)) as config:
        before = ScriptDirectory.from_config(config).get_revision(REVISION).down_revision
        command.upgrade(config, str(before))
        add = ADD.format(table="jobs", kinds="('send_mail')")
        execute(server, add, database=empty_database)
        command.upgrade(config, "head")
        execute(server, add, database=empty_database)  # as a server of the release before does
    assert len(fetch(server, empty_database, "TABLE jobs")) == 2
    assert fetch(server, empty_database, "TABLE tasks") == []
