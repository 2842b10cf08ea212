"""Where the files of photos are stored: a folder that servers and workers share.

An object store, such as S3, takes its place by another implementation of `PhotoStore`.
"""

import os
import re
from asyncio import to_thread
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Protocol

NAME_SIZE = 16  # bytes
NAME = re.compile(r"[0-9a-f]{32}")
INCOMING = "incoming"
"""The subfolder of files that are not complete."""


def new_name() -> str:
    """A name that can't be guessed: it has 128 random bits."""
    return token_hex(NAME_SIZE)


class FileMissing(Exception):
    """No file has the name."""


class Sink(Protocol):
    """A file that is being written."""

    async def write(self, content: bytes) -> None:
        """Appends to the file."""


class PhotoStore(Protocol):
    """Files by name. All methods raise OSError if the storage fails."""

    def put(self, name: str) -> AbstractAsyncContextManager[Sink]:
        """Context manager that stores a file: durably, and only if the block ends without error."""

    async def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            FileMissing: There is none.
        """

    async def delete(self, name: str) -> None:
        """Deletes a file, if there is one."""

    def names(self, before: datetime) -> AsyncIterator[str]:
        """The names of all files last written before a time, also of those left incomplete."""


class FolderStore:
    """Stores files in a folder: `ab/cd/abcd…`, so that no folder has too many.

    A file is written to the subfolder `INCOMING`, synchronized to the disk, and renamed. Both are
    in one file system.

    Args:
        folder: The folder. It is made when the first file is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def put(self, name: str) -> AsyncIterator[Sink]:
        """Stores a file."""
        part = self._folder / INCOMING / name
        try:
            file = await to_thread(_create, part)
            with file:
                yield _FileSink(file)
                await to_thread(_sync, file)
            await to_thread(_rename, part, self._path(name))
        except BaseException:
            await to_thread(part.unlink, missing_ok=True)
            raise

    async def read(self, name: str) -> bytes:
        """The content of a file."""
        try:
            return await to_thread(self._path(name).read_bytes)
        except FileNotFoundError:
            raise FileMissing from None

    async def delete(self, name: str) -> None:
        """Deletes a file."""
        for path in (self._path(name), self._folder / INCOMING / name):
            await to_thread(path.unlink, missing_ok=True)

    async def names(self, before: datetime) -> AsyncIterator[str]:
        """The names of files, one folder at a time."""
        for first in await to_thread(_entries, self._folder):
            folders = [first] if first.name == INCOMING else await to_thread(_entries, first)
            for folder in folders:
                for name in await to_thread(_written_before, folder, before.timestamp()):
                    yield name

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:4] / name


class _FileSink:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    async def write(self, content: bytes) -> None:
        await to_thread(self._file.write, content)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _rename(part: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _written_before(folder: Path, time: float) -> list[str]:
    return list(_older(folder, time))


def _older(folder: Path, time: float) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if NAME.fullmatch(entry.name) and entry.stat().st_mtime < time:
                yield entry.name
