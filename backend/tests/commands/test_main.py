"""``python -m app``: each command imports only the modules that it needs."""

import os
import subprocess
import sys

import pytest

from app.__main__ import COMMANDS
from tests.server import BACKEND

TYPED = "import sys; from app.__main__ import main; main([{!r}, '--help'])"
IMPORTED = "import atexit, sys; atexit.register(lambda: print(*sys.modules))"
HTTP = {"fastapi", "starlette"}


def modules_after(code: str) -> set[str]:
    """The modules that a process has imported when it ends."""
    result = subprocess.run(  # noqa: S603 (a command of our own)
        [sys.executable, "-c", f"{IMPORTED}; {code}"],
        cwd=BACKEND,
        env={"PATH": os.environ["PATH"], "ENVIRONMENT": "development"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_imports_no_other_and_no_http(command: str) -> None:
    imported = modules_after(TYPED.format(command))
    commands = {f"app.commands.{name}" for name in COMMANDS}
    assert imported & (HTTP | commands) == {f"app.commands.{command}"}


def test_the_worker_imports_no_http() -> None:
    imported = modules_after("import app.worker.program")
    assert "app.worker.program" in imported
    assert imported & HTTP == set()
