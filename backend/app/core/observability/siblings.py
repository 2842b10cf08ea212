"""Processes that serve the same port: each answers for the metrics of all."""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from pathlib import Path
from typing import Self

OF_OTHERS = 0o077  # permissions of other users, in the mode of a file
PATIENCE = 1.0  # seconds for a process to answer


class Siblings:
    """Exchange of texts between processes, through Unix sockets in a folder.

    Args:
        folder: The folder of the sockets, created if missing.
        tell: Makes the text of this process.

    Raises:
        RuntimeError: The folder is accessible for other users.
    """

    def __init__(self, folder: Path, tell: Callable[[], str]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_uid != os.getuid() or status.st_mode & OF_OTHERS:
            raise RuntimeError(f"{folder} is accessible for other users; its mode must be 700")
        self._folder, self._tell = folder, tell
        self._own = folder / f"{os.getpid()}.sock"
        _remove(self._own)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._answer, self._own)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        _remove(self._own)

    async def ask(self) -> list[str]:
        """The texts of the other processes, except those that don't answer."""
        others = set(self._folder.glob("*.sock")) - {self._own}
        answers = await asyncio.gather(*map(_asked, others))
        return [answer for answer in answers if answer is not None]

    async def _answer(self, _: StreamReader, writer: StreamWriter) -> None:
        answer = await asyncio.to_thread(self._tell)  # takes some milliseconds
        writer.write(answer.encode())
        writer.close()
        await writer.wait_closed()


async def _asked(path: Path) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                return (await reader.read()).decode()
            finally:
                writer.close()
    except ConnectionRefusedError:  # a dead process
        _remove(path)
    except (OSError, TimeoutError):
        pass
    return None


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
