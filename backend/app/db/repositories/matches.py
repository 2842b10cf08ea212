"""Conditions on rows that have the words of a search query, each row in its own language.

A query is prepared once per language of the market (`queries`): statements have a place for each of
at most `MOST_SEARCHED` languages, and those not needed are null. So the languages of a market make
no difference to the text of a statement.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, and_, case, func, literal_column, or_
from sqlalchemy.dialects.postgresql import REGCONFIG

from app.core.languages import MOST_SEARCHED, Languages
from app.core.queries import Query
from app.db.models.searched import stemmer_of
from app.postgres.statements import optional

PLACES = range(1, MOST_SEARCHED + 2)
UNFILLED = PLACES[-1]
"""The place for rows of the previous release, which have no language until it is filled in."""

LANGUAGES = {n: optional(f"language_{n}", Text()) for n in PLACES}
QUERIES: dict[int, ColumnElement[Any]] = {
    n: func.to_tsquery(optional(f"stemmer_{n}", REGCONFIG()), optional(f"q_{n}", Text()))
    for n in PLACES
}
NO_QUERY: ColumnElement[Any] = literal_column("''::tsquery")


def asked_in(languages: Languages, language: str | None) -> dict[str, str]:
    """The arguments of the languages in which a query is prepared.

    Args:
        languages: The languages of the market.
        language: The only language to search in, if any.
    """
    searched = dict(enumerate(languages.searched if language is None else (language,), start=1))
    if language is None or language == languages.default:
        searched[UNFILLED] = languages.default
    asked = {f"language_{n}": each for n, each in searched.items()}
    return asked | {f"stemmer_{n}": stemmer_of(each) for n, each in searched.items()}


def queries(q: Query, asked: Mapping[str, Any], *, as_prefix: bool = False) -> dict[str, str]:
    """The arguments of a query.

    Args:
        q: The query.
        asked: The languages, from `asked_in`.
        as_prefix: Whether the last word is the beginning of a word.
    """
    return {
        f"q_{n}": q.written(language, as_prefix=as_prefix)
        for n in PLACES
        if (language := asked.get(f"language_{n}"))
    }


def any_query() -> ColumnElement[Any]:
    """A query that finds all rows that match in any language, and some more.

    It is empty if the words are stop words in all languages.
    """
    first, *others = (func.coalesce(query, NO_QUERY) for query in QUERIES.values())
    whole: ColumnElement[Any] = first
    for query in others:
        whole = whole.op("||")(query)
    return whole


def columns() -> Iterator[ColumnElement[Any]]:
    """The columns of a row with the prepared queries: see `own_query`."""
    for n in PLACES:
        yield LANGUAGES[n].label(f"language_{n}")
        yield QUERIES[n].label(f"query_{n}")
    yield any_query().label("query")


def own_query(rows: Any, asked: FromClause) -> ColumnElement[Any]:
    """The query that is prepared in the language of a row; null if none is.

    Args:
        rows: The columns of the rows.
        asked: Has the columns from `columns`.
    """
    return case(
        *((_is_in(rows, n, asked.c[f"language_{n}"]), asked.c[f"query_{n}"]) for n in PLACES)
    )


def has_words(rows: Any) -> ColumnElement[bool]:
    """Whether rows match, for statements that are planned for their arguments each time.

    Args:
        rows: The columns of the rows.
    """
    return or_(
        *(and_(_is_in(rows, n, LANGUAGES[n]), rows.search.op("@@")(QUERIES[n])) for n in PLACES)
    )


def _is_in(rows: Any, n: int, language: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether rows are in the language of a place."""
    condition: ColumnElement[bool] = rows.language == language
    return rows.language.is_(None) if n == UNFILLED else condition
