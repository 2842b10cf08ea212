"""``make check``: rules for migrations of tables in use, checked by squawk."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

CONFIGURATION = Path("alembic.ini")
RULES = Path(".squawk.toml")
BEFORE_USE = "a6f20d9c81b3"
"""The last revision before the first production use; earlier ones are not checked."""


def statements_of(configuration: Config, before: str, revision: str) -> str:
    """The SQL from one revision to the next."""
    configuration.output_buffer = StringIO()
    command.upgrade(configuration, f"{before}:{revision}", sql=True)
    return configuration.output_buffer.getvalue()


def check(configuration: Config) -> int:
    """Prints the violations of the upgrades since `BEFORE_USE`; returns 0 if there are none."""
    revisions = ScriptDirectory.from_config(configuration).iterate_revisions("heads", BEFORE_USE)
    with TemporaryDirectory() as folder:
        files = []
        for revision in revisions:
            before = revision.down_revision
            if not isinstance(before, str):
                sys.exit(f"{revision.revision} has to follow exactly one revision.")
            file = Path(folder) / f"{Path(revision.path).stem}.sql"
            file.write_text(statements_of(configuration, before, revision.revision))
            files.append(file)
        if not files:
            print(f"squawk: no revisions after {BEFORE_USE}.")
            return 0
        squawk = Path(sys.executable).with_name("squawk")
        return subprocess.run([squawk, f"--config={RULES}", *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(check(Config(CONFIGURATION)))
