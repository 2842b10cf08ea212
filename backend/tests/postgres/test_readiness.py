"""Which migration the service was written for."""

from alembic.script import ScriptDirectory

from app.postgres.readiness import revisions


def test_is_the_newest_one() -> None:
    assert revisions().newest == ScriptDirectory("app/db/migrations").get_current_head()
