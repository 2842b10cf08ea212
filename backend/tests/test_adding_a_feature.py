"""The feature of docs/adding-a-feature.md works: its code is applied to a copy of the service."""

import os
import re
import shutil
import sys
from asyncio import create_subprocess_exec, gather
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from tests.server import BACKEND

PAGE = (BACKEND / "docs" / "adding-a-feature.md").read_text()
FILES = re.findall(r"^`(\S+\.py)`:\n\n```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
CHANGES = re.findall(r"^In `(\S+)`.*?```diff\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
COPIED = ("alembic.ini", "app", "dev", "docs", "pyproject.toml", "tests")
SHARED = 3
"""How many lines a feature may add to files of others."""

TYPES = ".mypy_cache"
"""What `make check` has found out about the service, if it has run here, so that it is known."""

RUFF = Path(sys.executable).with_name("ruff")
OWN = (
    "favourite or every_table or every_column or EveryPersonalColumn or what_people_read or "
    "LargeTables or deleting_an_account or each_call or keeps_nobody_waiting"
)
TESTS = [
    *("tests/api/test_favourites.py", "tests/api/test_access.py", "tests/api/test_privacy.py"),
    *("tests/api/test_scopes.py", "tests/api/test_state_table.py", "tests/api/test_writable.py"),
    *("tests/db/doctor", "tests/db/models/test_register.py", "tests/db/test_migrations.py"),
    *(
        "tests/api/test_plans.py",
        "tests/api/test_statements.py",
        "tests/http/test_preconditions.py",
    ),
    *("tests/http/test_documentation.py", "tests/api/test_unseen_jobs.py"),
]


async def run(folder: Path, *command: str | Path) -> str:
    """Runs a program in a folder; returns what it says.

    Raises:
        AssertionError: It fails.
    """
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = await create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT
    )
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    return output


async def add_feature(folder: Path) -> list[str]:
    """Copies the service and adds the feature; returns the lines of other files that change."""
    known_types = [TYPES] if (BACKEND / TYPES).exists() else []
    for name in (*COPIED, *known_types):
        source = BACKEND / name
        if source.is_dir():
            shutil.copytree(source, folder / name)  # with its bytecode
        else:
            shutil.copy(source, folder)
    (head,) = (await run(folder, sys.executable, "-m", "alembic", "heads")).split()[:1]
    for name, code in FILES:
        assert not (folder / name).exists()
        (folder / name).write_text(code.replace("HEAD", head))
    added = []
    for name, change in CHANGES:
        lines = change.splitlines()
        before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
        after = "\n".join(line[1:] for line in lines)
        content = (folder / name).read_text()
        assert content.count(before) == 1
        (folder / name).write_text(content.replace(before, after))
        added += [line[1:] for line in lines if line.startswith("+")]
    await run(folder, sys.executable, "-m", "dev.register")
    register = (folder / "docs" / "privacy.md").read_text().splitlines()
    known = (BACKEND / "docs" / "privacy.md").read_text().splitlines()
    return added + [line for line in register if line not in known]


async def test_the_feature_of_the_documentation_works(tmp_path: Path) -> None:
    assert 0 < len(await add_feature(tmp_path)) <= SHARED
    python = [name for name, _ in FILES]
    outcomes = await gather(
        run(tmp_path, RUFF, "check", "--no-cache", *python),
        run(tmp_path, RUFF, "format", "--check", "--no-cache", *python),
        run(tmp_path, sys.executable, "-m", "mypy", *python),
        run(tmp_path, sys.executable, "-m", "pytest", "-q", "-k", OWN, *TESTS),
        return_exceptions=True,  # so that no process is left running
    )
    assert [it for it in outcomes if isinstance(it, BaseException)] == []
