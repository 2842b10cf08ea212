"""Checks of the files of uploads against the table."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import select, union_all

from app.core.photo_store import PhotoStore
from app.db.doctor.check import SHOWN, Check, Finding
from app.db.models.fields import now
from app.db.models.uploads import Upload
from app.postgres.statements import Source, Statement, col

NEW = timedelta(days=1)
"""How old a file without an upload may be; a newer one may await its upload, or its deletion."""

NAMES = union_all(
    *(
        select(column.label("name")).where(column.is_not(None))
        for column in (col(Upload.original), col(Upload.large), col(Upload.small))
    )
)
IN_USE = Statement(NAMES)


class FileCheck(Check):
    """A check of files.

    Args:
        name: The name.
        promise: The invariant as a sentence.
        find: Finds the violating files.
    """

    def __init__(
        self, name: str, promise: str, find: Callable[[Source], Awaitable[set[str]]]
    ) -> None:
        super().__init__(name, promise, NAMES)
        self._find = find

    async def run(self, source: Source) -> Finding:
        """Runs the check."""
        begun = time.monotonic()
        found = sorted(await self._find(source))
        return Finding(self, len(found), found[:SHOWN], time.monotonic() - begun)


def file_checks(store: PhotoStore, present: Source) -> tuple[FileCheck, FileCheck]:
    """The checks of files.

    Args:
        store: Where the files are.
        present: The database at present: uploads may be deleted while the checks run.
    """

    async def missing(source: Source) -> set[str]:
        stored = {name async for name in store.names(now() + NEW)}
        lacking = await _in_use(source) - stored
        return lacking & await _in_use(present) if lacking else lacking

    async def unused(source: Source) -> set[str]:
        return {name async for name in store.names(now() - NEW)} - await _in_use(source)

    return (
        FileCheck("uploads_files", "The files of each upload exist.", missing),
        FileCheck("files_uploads", "Each file that is older than a day has an upload.", unused),
    )


async def _in_use(source: Source) -> set[str]:
    return {row["name"] for row in await IN_USE.fetch(source)}
