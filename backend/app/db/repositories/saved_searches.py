"""The queries of saved searches."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, all_, cast, delete, func, select
from sqlalchemy.dialects.postgresql import REGCONFIG, insert

from app.core.languages import Languages
from app.core.queries import Query
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.saved_searches import (
    SavedSearch,
    SavedSearchFields,
    SavedSearchKey,
    SavedSearchNotFound,
    SavedSearchPublic,
)
from app.db.models.searched import stemmer_of
from app.db.repositories.base import CALLER_ID, USER_ID, Item, ItemQuery, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

SEARCH_ID = argument("search_id", Uuid())
KEYS = argument("keys", ARRAY(Text()))
OWN = col(SavedSearch.user_id) == CALLER_ID
ONE = (col(SavedSearch.id) == SEARCH_ID, col(SavedSearch.user_id) == USER_ID)

ASKED = ("language", "stemmer", "query", "words")
WAYS = (
    func.unnest(*(argument(name, ARRAY(Text())) for name in ASKED))
    .table_valued(*ASKED, name="ways")
    .render_derived()
)
"""The ways to match the words of a search: each alternative, in each language and form."""


class Way(NamedTuple):
    """A way to match the words of a search.

    Args:
        language: The language of the texts.
        query: The full-text query in this language, which has other ways, too.
        word: The longest word that all texts have that match in this way; None if there is none.
    """

    language: str
    query: str
    word: str | None


def _preparing() -> Statement:
    stemmer = cast(WAYS.c.stemmer, REGCONFIG)
    query = func.to_tsquery(stemmer, WAYS.c.query)
    words = func.unnest(func.tsvector_to_array(func.to_tsvector(stemmer, WAYS.c.words)))
    word = words.table_valued("word", name="words").render_derived().c.word
    longest = select(word).order_by(func.length(word).desc(), word).limit(inline(1))
    return Statement(
        select(
            WAYS.c.language,
            cast(query, Text).label("query"),
            longest.scalar_subquery().label("word"),
        ).where(func.numnode(query) > inline(0))
    )


class SavedSearchRepository:
    """The saved searches, in a unit of work."""

    _counting = Statement(
        select(func.count()).select_from(SavedSearch).where(col(SavedSearch.user_id) == USER_ID)
    )
    _locking = RowQuery(select(SavedSearch).where(*ONE).with_for_update())
    _deleting = Statement(delete(SavedSearch).where(*ONE).returning(col(SavedSearch.id)))
    _preparing = _preparing()
    _adding_keys = Statement(
        insert(SavedSearchKey)
        .from_select(["key", "search_id"], select(func.unnest(KEYS), SEARCH_ID))
        .on_conflict_do_nothing()
    )
    _deleting_keys = Statement(
        delete(SavedSearchKey).where(
            col(SavedSearchKey.search_id) == SEARCH_ID, col(SavedSearchKey.key) != all_(KEYS)
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, search: SavedSearch) -> None:
        """Adds a new saved search."""
        self._transaction.add(search)

    async def count(self, user_id: UUID) -> int:
        """The number of saved searches of a user."""
        ((number,),) = await self._counting.fetch(self._transaction, user_id=user_id)
        return int(number)

    async def lock(self, user_id: UUID, search_id: UUID) -> SavedSearch:
        """A saved search of a user, locked until the end of the transaction.

        Raises:
            SavedSearchNotFound: The user has none with the id.
        """
        keys = {"user_id": user_id, "search_id": search_id}
        search = await self._transaction.one(self._locking, **keys)
        if search is None:
            raise SavedSearchNotFound
        return search

    async def delete(self, user_id: UUID, search_id: UUID) -> None:
        """Deletes a saved search of a user.

        Raises:
            SavedSearchNotFound: The user has none with the id.
        """
        keys = {"user_id": user_id, "search_id": search_id}
        if not await self._deleting.fetch(self._transaction, **keys):
            raise SavedSearchNotFound

    def replace_keys(self, search_id: UUID, keys: Sequence[str]) -> None:
        """Has a search be found by some keys and no others."""
        self._transaction.put(self._deleting_keys, search_id=search_id, keys=keys)
        self._transaction.put(self._adding_keys, search_id=search_id, keys=keys)

    async def prepare(self, q: Query, languages: Languages, language: str | None) -> Sequence[Way]:
        """The ways to match words; none in languages in which all of them are stop words.

        Args:
            q: The words.
            languages: The languages of the market.
            language: The only language to search in, if any.
        """
        searched = languages.searched if language is None else (language,)
        ways = [
            (each, stemmer_of(each), q.written(each), words)
            for each in searched
            for words in q.required(each)
        ]
        asked = {name: [way[place] for way in ways] for place, name in enumerate(ASKED)}
        return [Way(*row) for row in await self._preparing.fetch(self._transaction, **asked)]


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select().select_from(SavedSearch).where(OWN),
        item=json_object(SavedSearchFields, SavedSearch),
        keys=[col(SavedSearch.id)],
        shape=shape,
    )


class SavedSearchReader:
    """Reads of saved searches."""

    _one = ItemQuery(
        select().select_from(SavedSearch).where(col(SavedSearch.id) == SEARCH_ID, OWN),
        item=json_object(SavedSearchPublic, SavedSearch),
        version=col(SavedSearch.version),
        missing=SavedSearchNotFound,
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(SavedSearchNotFound)
    async def one(self, caller: Bearer, search_id: UUID) -> Item:
        """A saved search of the caller."""
        return await self._one.one(self._source, caller, search_id=search_id)

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The saved searches of the caller, newest first."""
        return await _own(request.shape).page(self._source, caller, request)
