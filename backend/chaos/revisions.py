"""A made-up Alembic revision after the newest one of the service."""

from pathlib import Path

from app.postgres.readiness import REVISIONS, revisions

CONFIGURATION = f"""
[alembic]
script_location = {REVISIONS.parent}
prepend_sys_path = {Path(__file__).parents[1]}
path_separator = newline
version_locations =
    {REVISIONS}
    %(here)s
"""
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "made_up"
down_revision = "{newest}"


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""


def make_up(folder: Path, upgrade: str, downgrade: str = "pass") -> Path:
    """Writes a revision and returns an Alembic configuration that includes it.

    Args:
        folder: For both files.
        upgrade: The body of ``upgrade``.
        downgrade: The body of ``downgrade``.
    """
    source = REVISION.format(newest=revisions().newest, upgrade=upgrade, downgrade=downgrade)
    (folder / "made_up.py").write_text(source)
    configuration = folder / "alembic.ini"
    configuration.write_text(CONFIGURATION)
    return configuration
