"""Rows that are found by the words of their name and description, in their own language."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, StringConstraints, WithJsonSchema
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Integer,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

from app.core.languages import CODES
from app.core.words import words_of
from app.postgres.rows import Expressions
from app.postgres.statements import argument

LANGUAGE_CODE = r"^[a-z]{2}$"


def _is_language(code: str) -> str:
    if code not in CODES:
        raise ValueError("must be an ISO 639-1 code such as en")
    return code


Language = Annotated[
    str,
    StringConstraints(pattern=LANGUAGE_CODE),
    AfterValidator(_is_language),
    WithJsonSchema({"type": "string", "enum": sorted(CODES)}),
]
"""A language, by its ISO 639-1 code."""
ChosenLanguage = Annotated[
    Language | None, Field(description="The language of pages and mails; null for the default")
]

STEMMERS: Mapping[str, str] = MappingProxyType(
    {
        "ar": "arabic",
        "ca": "catalan",
        "da": "danish",
        "de": "german",
        "el": "greek",
        "en": "english",
        "es": "spanish",
        "eu": "basque",
        "fi": "finnish",
        "fr": "french",
        "ga": "irish",
        "hi": "hindi",
        "hu": "hungarian",
        "hy": "armenian",
        "id": "indonesian",
        "it": "italian",
        "lt": "lithuanian",
        "nb": "norwegian",
        "ne": "nepali",
        "nl": "dutch",
        "nn": "norwegian",
        "no": "norwegian",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sr": "serbian",
        "sv": "swedish",
        "ta": "tamil",
        "tr": "turkish",
        "yi": "yiddish",
    }
)
"""The text search configurations that all supported versions of PostgreSQL have, by language."""


def stemmer_of(language: str | None) -> str:
    """The text search configuration of a language: ``simple`` for those without a stemmer."""
    return STEMMERS.get(language or "", "simple")


class Prepared(NamedTuple):
    """The arguments of a search vector.

    Args:
        stemmer: The text search configuration.
        words: The words as they are written.
        folded_words: The same without marks; None if no word has any.
    """

    stemmer: str
    words: str
    folded_words: str | None

    @classmethod
    def of(cls, name: str, description: str | None, language: str | None) -> "Prepared":
        """Those of a name and a description."""
        return cls(stemmer_of(language), *words_of(f"{name} {description or ''}"))


def search_vector(
    stemmer: ColumnElement[Any], words: ColumnElement[Any], folded_words: ColumnElement[Any]
) -> ColumnElement[Any]:
    """An expression for the search vector of words, from the arguments that `Prepared` explains.

    Both forms of a word have the same position, so that phrases may mix them. As the text of a
    vector is a list of words with their positions, the text of both together is their union.
    """
    plain, folded = func.to_tsvector(stemmer, words), func.to_tsvector(stemmer, folded_words)
    both = cast(plain, Text).concat(literal_column("' '")).concat(cast(folded, Text))
    return case((folded_words.is_(None), plain), else_=cast(both, TSVECTOR))


TEXTS = ARRAY(Text())
NAMES = ("id", "language", *Prepared._fields)
MADE = (
    func.unnest(argument("id", ARRAY(Uuid())), *(argument(name, TEXTS) for name in NAMES[1:]))
    .table_valued(*NAMES, name="made")
    .render_derived()
)
"""Rows with the arguments of their search vectors, from `prepared`."""
VECTOR = search_vector(cast(MADE.c.stemmer, REGCONFIG), MADE.c.words, MADE.c.folded_words)


def prepared(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The arguments of `MADE`.

    Args:
        rows: The id, name, description and language of each row.
    """
    made = [
        (row["id"], language, *Prepared.of(row["name"], row["description"], language))
        for row in rows
        for language in [row["language"]]
    ]
    return {name: list(column) for name, column in zip(NAMES, zip(*made, strict=True), strict=True)}


UNMAPPED = ("search", "words_revision")
"""The columns of `search_columns`, which are no fields of the class."""


def search_arguments(table: str, revision: str, kept: Any = None) -> tuple[Any, ...]:
    """Table arguments for a searched table: its columns, constraints and indexes.

    Args:
        table: The name of the table.
        revision: The name of the column with the revision of its name and description.
        kept: The condition of rows that are listed at all, if any.
    """
    return (
        # The search vector, and the revision from which it was made.
        Column("search", TSVECTOR),
        Column("words_revision", Integer),
        CheckConstraint(f"language ~ '{LANGUAGE_CODE}'", name="language"),
        Index(f"ix_{table}_search", "search", postgresql_using="gin"),  # full-text search
        # Browsing one language, of which there may be few.
        Index(
            f"ix_{table}_language",
            *("language", "status", "id"),
            postgresql_where=kept,
        ),
        Index(  # rows whose search vector is outdated: see `WordsRepository`
            f"ix_{table}_words_due",
            "id",
            postgresql_where=text(
                f"words_revision IS DISTINCT FROM {revision} OR language IS NULL"
            ),
        ),
    )


class Searched(SQLModel):
    """A row with a search vector, which is written together with its name and description."""

    prepared_types: ClassVar[Mapping[str, TypeEngine[Any]]] = MappingProxyType(
        {"stemmer": REGCONFIG(), "words": Text(), "folded_words": Text()}
    )

    # Null in rows of the previous release, until the worker fills it in.
    language: str | None = Field(max_length=2)

    @classmethod
    def prepared(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of the search vector."""
        return Prepared.of(values["name"], values["description"], values["language"])._asdict()

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:
        """The search vector."""
        return {"search": search_vector(*(written[name] for name in Prepared._fields))}
