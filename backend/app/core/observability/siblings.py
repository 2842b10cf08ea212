"""The processes that serve the same port: whoever is asked for metrics asks the others."""

import asyncio
import os
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from pathlib import Path
from typing import Self

OF_OTHERS = 0o077  # what they may do, in the mode of a file
PATIENCE = 1.0  # seconds for a process to answer


class Siblings:
    """Tells the other processes what they ask for, and asks them, through sockets in a folder.

    Args:
        folder: Where each process has its socket. It is made if it isn't there.
        tell: Makes the answer.

    Raises:
        RuntimeError: Others than whoever runs the processes may look into the folder.
    """

    def __init__(self, folder: Path, tell: Callable[[], str]) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
        if status.st_uid != os.getuid() or status.st_mode & OF_OTHERS:
            raise RuntimeError(f"{folder} is open to others; its mode must be 700")
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
        """What the others answer, but for those that don't."""
        others = set(self._folder.glob("*.sock")) - {self._own}
        answers = await asyncio.gather(*map(_asked, others))
        return [answer for answer in answers if answer is not None]

    async def _answer(self, _: StreamReader, writer: StreamWriter) -> None:
        answer = await asyncio.to_thread(self._tell)  # it takes a while
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
    except ConnectionRefusedError:  # the process has died
        _remove(path)
    except (OSError, TimeoutError):
        pass
    return None


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
