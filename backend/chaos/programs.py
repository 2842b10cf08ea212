"""How programs are started, and what they say."""

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
    """Runs a program for the time of a block.

    Args:
        command: Its name, and its arguments.
        log: The file that it writes to.
        environment: All that its environment says.
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
    """Starts a program, for somebody who waits for its end and reads what it says.

    Args:
        command: Its name, and its arguments.
        settings: What its environment says beside ours.
    """
    return await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **settings}, stdout=PIPE, stderr=STDOUT
    )


async def complete(command: Sequence[str], **settings: str) -> None:
    """Runs a program to its end.

    Args:
        command: Its name, and its arguments.
        settings: What its environment says beside ours.

    Raises:
        PostgresError: It failed.
    """
    process = await begin(command, **settings)
    said, _ = await process.communicate()
    if process.returncode:
        raise PostgresError(f"A program failed:\n{tail(said.decode())}")
