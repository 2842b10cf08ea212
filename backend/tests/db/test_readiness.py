"""Which migration the service was written for."""

from alembic.script import ScriptDirectory

from app.db.readiness import newest_revision


def test_is_the_newest_one() -> None:
    assert newest_revision() == ScriptDirectory("app/db/migrations").get_current_head()
