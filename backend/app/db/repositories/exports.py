"""The query of exports: one statement, for a consistent snapshot."""

from collections.abc import AsyncIterator
from types import GenericAlias
from typing import Any

from pydantic import BaseModel, create_model
from sqlalchemy import Text, cast, func, join, select, union_all

from app.core.security.tokens import Bearer
from app.db.models.privacy.profiles import ProfileExport
from app.db.models.privacy.users import AccountExport
from app.db.models.profiles import Profile
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, Query
from app.db.repositories.person_views import ONESELF, shown
from app.db.repositories.privacy import Part, Section, declared
from app.postgres.statements import Rows, Stream, col, inline

HEAD = Part(
    source=join(User, Profile),
    item=func.json_build_object(
        inline("account"),
        shown(AccountExport, User, to=ONESELF),
        inline("profile"),
        shown(ProfileExport, Profile, to=ONESELF),
    ),
    key=col(User.id),
    own=col(User.id) == CALLER_ID,
)
SECTIONS: tuple[Section, ...] = tuple(
    section for privacy in declared() for section in privacy.export
)
"""The lists of an export, those of all features."""

LISTS: dict[str, Any] = {
    section.name: (GenericAlias(list, section.shape), ...) for section in SECTIONS
}
ExportPublic: type[BaseModel] = create_model(
    "ExportPublic",
    __doc__="All data of a user.",
    account=(AccountExport, ...),
    profile=(ProfileExport, ...),
    **LISTS,
)


def _everything() -> Query:
    parts = [(0, HEAD)]
    parts += [(place, part) for place, it in enumerate(SECTIONS, 1) for part in it.parts]
    everything = union_all(
        *(
            select(
                inline(place).label("place"),
                cast(part.key, Text).label("key"),
                cast(part.item, Text).label("item"),
            )
            .select_from(part.source)
            .where(part.own)
            for place, part in parts
        )
    ).subquery()
    rows: Rows = select(*everything.c).order_by(everything.c.place, everything.c.key)
    return Query(rows)


class ExportReader:
    """Reads of exports."""

    everything = _everything()

    def __init__(self, source: Stream) -> None:
        self._source = source

    async def text(self, caller: Bearer) -> AsyncIterator[str]:
        """All data of the caller as JSON, in parts.

        Raises:
            Unauthenticated: The session has ended.
        """
        names, place, ending = [section.name for section in SECTIONS], 0, ""
        async for row in self.everything.stream(self._source, caller):
            if row["place"] == 0:
                yield row["item"].removesuffix("}")
                continue
            separator = ","
            while place < row["place"]:
                yield f'{ending},"{names[place]}":['
                place, ending, separator = place + 1, "]", ""
            yield separator + row["item"]
        for name in names[place:]:
            yield f'{ending},"{name}":['
            ending = "]"
        yield "]}"
