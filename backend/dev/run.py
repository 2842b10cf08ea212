"""``make run``: the service without Docker, with an embedded database.

With a command, runs that with the same database instead: ``python -m dev.run alembic current``.
"""

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from app.core.config import DEVELOPMENT, Settings
from app.core.environment import read_settings
from app.core.observability.logging import configure_logging
from dev.cluster import PostgresError, programs
from dev.postgres import embedded_postgres
from dev.processes import die_with_parent

HOST = "127.0.0.1"
DATA_DIRECTORY = Path(".data/postgres")
CATEGORIES = "app/commands/categories.json"
MIGRATION_LOG = Path(".data/migration.log")
ERROR_LINE = re.compile(r"^[\w.]*(?:Error|Exception|FAILED)\w*: .*", re.MULTILINE)
DRAIN_TIMEOUT = 3  # seconds for requests in progress at a stop


def application() -> FastAPI:
    """Builds the service, in the process that uvicorn reloads."""
    from app.api.launch import get_application  # not needed by the reloader

    parent = multiprocessing.parent_process()
    if parent and parent.pid:
        die_with_parent(signal.SIGKILL, parent.pid)
    return get_application()


@contextmanager
def local_database() -> Iterator[str]:
    """Context manager that puts a database into the environment; yields its description."""
    os.environ["ENVIRONMENT"] = "development"
    paths = [str(Path(sys.executable).parent), str(programs()), os.environ["PATH"]]
    os.environ["PATH"] = os.pathsep.join(paths)
    chosen = read_settings(Settings).database_url
    if chosen:
        os.environ["DATABASE_URL"] = chosen.get_secret_value()
        yield "on the server of DATABASE_URL"
    else:
        with embedded_postgres(DATA_DIRECTORY) as url:
            os.environ["DATABASE_URL"] = url
            yield f"in backend/{DATA_DIRECTORY}"


def demand_free_port(port: int) -> None:
    """Ends the program with a message if the port is in use."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except (OSError, OverflowError) as error:
            sys.exit(f"Can't listen on port {port} ({error}). Choose another: make run PORT=8001")


def migrate() -> None:
    """Runs the migrations, and loads the categories that are shipped if there are none."""
    prepare("migrate the database", "alembic", "upgrade", "head")
    prepare("load categories", "app", "categories", "load", CATEGORIES, "--if-none")


def prepare(purpose: str, *command: str) -> None:
    """Runs a command, or ends the program with a message.

    Args:
        purpose: The purpose of the command.
        command: The module and its arguments.
    """
    result = subprocess.run(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=partial(die_with_parent, signal.SIGTERM, os.getpid()),
    )
    if result.returncode != 0:
        MIGRATION_LOG.parent.mkdir(exist_ok=True)
        MIGRATION_LOG.write_text(result.stdout)
        errors = ERROR_LINE.findall(result.stdout)
        reason = errors[-1] if errors else result.stdout.strip().rpartition("\n")[2]
        sys.exit(f"Can't {purpose}: {reason}\nMore is in backend/{MIGRATION_LOG}.")


@contextmanager
def worker() -> Iterator[None]:
    """Context manager that runs the worker."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dev.worker"],
        preexec_fn=partial(die_with_parent, signal.SIGTERM, os.getpid()),  # noqa: PLW1509
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def mail_place() -> str:
    """A description of the destination of mail."""
    settings = Settings()
    if settings.smtp_server:
        return f"through {settings.smtp_server}"
    return f"in {Path('backend') / settings.mail_directory}"


def lead_links_here(port: int) -> None:
    """Makes the links in mails lead to this port, unless a setting names another place."""
    if Settings().public_url == DEVELOPMENT["public_url"]:
        os.environ["PUBLIC_URL"] = f"http://{HOST}:{port}"


def serve(port: int) -> None:
    """Migrates, then serves until Ctrl-C, with reloads after changes of the source."""
    demand_free_port(port)
    with local_database() as place:
        lead_links_here(port)
        migrate()
        configure_logging(Settings())
        print(
            f"\n  API   http://{HOST}:{port}/api/v1"
            f"\n  Docs  http://{HOST}:{port}/docs"
            f"\n  Data  {place}"
            f"\n  Mail  {mail_place()}"
            "\n  Stop  Ctrl-C\n",
            flush=True,
        )
        with worker():
            uvicorn.run(
                "dev.run:application",
                factory=True,
                host=HOST,
                port=port,
                reload=True,
                reload_dirs=["app"],
                http="app.http.protocol:Connection",
                proxy_headers=False,
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=DRAIN_TIMEOUT,
            )


def run(command: list[str]) -> int:
    """Runs a command with the database and returns its exit status."""
    with local_database():
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is handled by the command
        die = partial(die_with_parent, signal.SIGTERM, os.getpid())
        return subprocess.run(command, check=False, preexec_fn=die).returncode


def main() -> None:
    """Serves, or runs the given command."""
    die_with_parent(signal.SIGTERM, os.getppid())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # runs every `finally`
    try:
        if command := sys.argv[1:]:
            sys.exit(run(command))
        serve(int(os.environ.get("PORT", "8000")))
    except (PostgresError, OSError, ValueError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
