"""Child processes and their output."""

import asyncio
import os
import signal
import subprocess
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from dev.cluster import PostgresError, tail
from dev.processes import die_with_parent


@contextmanager
def started(
    command: Sequence[str], log: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Context manager that runs a program and kills it at the end.

    Args:
        command: Name and arguments.
        log: The file for its output.
        environment: Its whole environment.
    """
    with log.open("a") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=partial(die_with_parent, signal.SIGKILL, os.getpid()),  # noqa: PLW1509
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def begin(command: Sequence[str], **settings: str) -> Process:
    """Starts a program whose output is read through a pipe.

    Args:
        command: Name and arguments.
        settings: Additional environment variables.
    """
    return await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **settings}, stdout=PIPE, stderr=STDOUT
    )


async def complete(command: Sequence[str], **settings: str) -> None:
    """Runs a program to its end.

    Args:
        command: Name and arguments.
        settings: Additional environment variables.

    Raises:
        PostgresError: The program failed.
    """
    process = await begin(command, **settings)
    said, _ = await process.communicate()
    if process.returncode:
        raise PostgresError(f"A program failed:\n{tail(said.decode())}")
