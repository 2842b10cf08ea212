"""Programs of the service, run to their end in processes forked from one that has their modules.

A process of its own would first import them, which takes a second of CPU time.
"""

import asyncio
import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection

from app.__main__ import COMMANDS
from tests.server import BACKEND

TIME_LIMIT = 60.0  # seconds, for machines that have much else to do

forks = get_context("forkserver")
forks.set_forkserver_preload(
    [__name__, "alembic.config", "app.api.server", "app.worker.process", "uvicorn.main"]
    + [f"app.commands.{name}" for name in COMMANDS]
)


async def run_program(
    environment: Mapping[str, str], *module: str, entered: str = ""
) -> tuple[int | None, str]:
    """Runs a module without a terminal; returns its exit status and all that it prints.

    Args:
        environment: The environment of the process.
        module: The name of the module, and its arguments.
        entered: The standard input.
    """
    theirs, ours = forks.Pipe(duplex=False)
    os.write(ours.fileno(), entered.encode())
    ours.close()
    ours, output = forks.Pipe(duplex=False)
    process = forks.Process(target=_become, args=(module, dict(environment), theirs, output))
    process.start()
    theirs.close()
    output.close()
    try:
        async with asyncio.timeout(TIME_LIMIT):
            printed = await asyncio.to_thread(_all_of, ours)
            await asyncio.to_thread(process.join)
    finally:
        process.kill()
    return process.exitcode, printed


def _all_of(pipe: Connection) -> str:
    with open(pipe.fileno(), "rb", closefd=False) as file:
        return file.read().decode()


def _become(
    module: tuple[str, ...], environment: dict[str, str], entered: Connection, output: Connection
) -> None:
    """Runs a module in this process, which has been forked for it."""
    os.setsid()  # no terminal
    for number, pipe in enumerate((entered, output, output)):
        os.dup2(pipe.fileno(), number)
    entered.close()
    output.close()
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", 1)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(BACKEND)
    sys.argv = list(module)
    sys.modules.pop(f"{module[0]}.__main__", None)  # it is about to run, perhaps once more
    runpy.run_module(module[0], run_name="__main__", alter_sys=True)
