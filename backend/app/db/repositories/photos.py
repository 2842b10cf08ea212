"""The queries of the files of photos."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, and_, any_, join, or_, select, union_all

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.packages import Package
from app.db.models.photos import PhotoNotFound
from app.db.models.threads import Thread
from app.db.models.uploads import Upload
from app.db.models.users import User
from app.db.repositories.base import Query
from app.db.repositories.thread_readings import is_read_by_staff
from app.db.repositories.thread_views import is_side
from app.db.repositories.uploads import FILES, KEPT
from app.postgres.statements import Rows, Source, Statement, argument, col

NAME = argument("name", Text())
NAMES: Any = argument("names", ARRAY(Text()))
OF_FILE = and_(
    or_(col(Upload.large) == NAME, col(Upload.small) == NAME), col(Upload.hidden_at).is_(None)
)
"""The condition of the upload of a file, unless it is hidden."""


def _shown() -> Rows:
    """Selects the upload of a file, unless it, or what it belongs to, is hidden or gone.

    A photo of a message is shown to the sides of its thread only.
    """
    found = join(Upload, User, col(User.id) == Upload.user_id)
    found = found.outerjoin(Cleaning, col(Cleaning.id) == Upload.cleaning_id)
    found = found.outerjoin(Package, col(Package.id) == Upload.package_id)
    return (
        select(col(Upload.id))
        .select_from(found)
        .where(
            OF_FILE,
            KEPT,
            col(Upload.message_number).is_(None),
            col(User.blocked_at).is_(None),
            col(Cleaning.deleted_at).is_(None),
            col(Cleaning.hidden_at).is_(None),
            col(Package.hidden_at).is_(None),
        )
    )


def _of_message() -> Rows:
    """Selects the upload of a file of a photo of a message in a thread that the caller reads."""
    thread = join(
        Upload,
        Thread,
        and_(
            col(Thread.cleaning_id) == Upload.message_cleaning_id,
            col(Thread.cleaner_id) == Upload.message_cleaner_id,
        ),
    )
    is_read = is_read_by_staff(col(Thread.cleaning_id), col(Thread.cleaner_id))
    return select(col(Upload.id)).select_from(thread).where(OF_FILE, or_(is_side(Thread), is_read))


class PhotoFileReader:
    """Reads what is known of files."""

    _shown = Statement(_shown())
    _of_message = Query(_of_message())
    _used = Statement(
        union_all(*(select(column.label("name")).where(column == any_(NAMES)) for column in FILES))
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def is_shown(self, name: str) -> bool:
        """Whether a file is shown to everyone who knows its name."""
        return bool(await self._shown.fetch(self._source, name=name))

    @raises(PhotoNotFound)
    async def demand_of_message(
        self, caller: Bearer, name: str, *, staff_needs_second_factor: bool
    ) -> None:
        """Refuses all files but those of photos of messages.

        The caller is a side of the thread, or a member of staff who reads it.

        Args:
            caller: The caller.
            name: The name of the file.
            staff_needs_second_factor: Whether staff must log in with a second factor.
        """
        rows = await self._of_message.run(
            self._source, caller, name=name, needs_second_factor=staff_needs_second_factor
        )
        if rows[0]["id"] is None:
            raise PhotoNotFound

    async def used(self, names: Sequence[str]) -> set[str]:
        """Those of some files that belong to an upload."""
        rows = await self._used.fetch(self._source, names=list(names))
        return {row["name"] for row in rows}
