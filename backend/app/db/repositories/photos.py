"""The queries of the files of photos."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Text, any_, join, or_, select, union_all

from app.db.models.cleanings import Cleaning
from app.db.models.packages import Package
from app.db.models.uploads import Upload
from app.db.models.users import User
from app.db.repositories.uploads import FILES, KEPT
from app.postgres.statements import Rows, Source, Statement, argument, col

NAME = argument("name", Text())
NAMES: Any = argument("names", ARRAY(Text()))


def _shown() -> Rows:
    """Selects the upload of a file, unless it, or what it belongs to, is hidden or gone."""
    found = join(Upload, User, col(User.id) == Upload.user_id)
    found = found.outerjoin(Cleaning, col(Cleaning.id) == Upload.cleaning_id)
    found = found.outerjoin(Package, col(Package.id) == Upload.package_id)
    return (
        select(col(Upload.id))
        .select_from(found)
        .where(
            or_(col(Upload.large) == NAME, col(Upload.small) == NAME),
            KEPT,
            col(Upload.hidden_at).is_(None),
            col(User.blocked_at).is_(None),
            col(Cleaning.deleted_at).is_(None),
            col(Cleaning.hidden_at).is_(None),
            col(Package.hidden_at).is_(None),
        )
    )


class PhotoFileReader:
    """Reads what is known of files."""

    _shown = Statement(_shown())
    _used = Statement(
        union_all(*(select(column.label("name")).where(column == any_(NAMES)) for column in FILES))
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def is_shown(self, name: str) -> bool:
        """Whether a file is shown to everyone who knows its name."""
        return bool(await self._shown.fetch(self._source, name=name))

    async def used(self, names: Sequence[str]) -> set[str]:
        """Those of some files that belong to an upload."""
        rows = await self._used.fetch(self._source, names=list(names))
        return {row["name"] for row in rows}
