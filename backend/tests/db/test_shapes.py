"""The statements of the lists of jobs and packages: few, whatever callers ask for."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import asyncpg
import pytest

from app.core.errors import Unauthenticated
from app.core.languages import Languages
from app.core.security.tokens import Bearer
from app.db.models.listings import CleaningFilters, ListingFilters, ListingSort
from app.db.models.package_shapes import PackageFilters
from app.db.repositories.cleanings import CleaningReader
from app.db.repositories.packages import PackageReader
from app.db.repositories.pages import PageRequest
from app.postgres.hosts import LONGEST_PREPARED

LANGUAGES = Languages("en", ("en", "de"))
CALLER = Bearer(uuid4(), uuid4())
CHOICES: dict[str, tuple[Any, ...]] = {
    "currency": (None, "CHF"),
    "min_price": (None, "10"),
    "max_price": (None, "90"),
    "q": (None, "oven"),
    "language": (None, "de"),
    "area": (None, "Old Town"),
    "category": (None, "windows"),
    "sort": (None, *ListingSort),
}
"""Values of each parameter of all lists, one of each kind that could make a difference."""


class List(NamedTuple):
    """A list with filters.

    Args:
        reader: Its reader.
        filters: Its parameters.
        choices: Values of those that only it has.
        kinds: The number of kinds of requests with a statement of their own, at each page size.
    """

    reader: Any
    filters: type[ListingFilters]
    choices: dict[str, tuple[Any, ...]]
    kinds: int


JOBS = List(
    CleaningReader,
    CleaningFilters,
    {
        "status": ("open", "any"),
        "owner": (None, "me", "anna"),
        "cleaning_type": (None, "dust_up"),
        "starts_after": (None, "2030-01-01T00:00:00Z"),
        "starts_before": (None, "2031-01-01T00:00:00Z"),
    },
    # Newest and oldest first: any status or one, of all jobs, one's own or somebody's, without
    # other filters (2 x 6), and with any other filters, with or without words (2 x 2). By price:
    # any status or one, without other filters, or with any, with or without words (2 x 2 x 3). In
    # categories: in each order, without other filters than the status, or with any, with or without
    # words (4 x 3). Searched: any status or one, of all, one's own or a person's, in an area or
    # everywhere (12).
    kinds=52,
)
PACKAGES = List(
    PackageReader,
    PackageFilters,
    {"status": ("published", "any"), "cleaner": (None, "me", "anna")},
    # Only one's own have any status: so these are 12, 10, 12 and 8.
    kinds=42,
)


class Heard:
    """Notes the statements that it is asked to run, and finds nothing."""

    def __init__(self) -> None:
        self.statements: set[str] = set()

    async def fetch(self, sql: str, _: Sequence[Any]) -> list[asyncpg.Record]:
        """Notes a statement."""
        self.statements.add(sql)
        return []


def choices(of: List) -> Iterator[ListingFilters]:
    """All combinations of the parameters of a list."""
    every = CHOICES | of.choices
    for values in product(*every.values()):
        given = {name: v for name, v in zip(every, values, strict=True) if v is not None}
        yield of.filters.model_validate(given)


def keys(filters: ListingFilters) -> tuple[str, ...]:
    """The keys of some last item."""
    if filters.q and not filters.sort:
        return "0.5", str(uuid4()), str(uuid4())
    if filters.sort in (ListingSort.PRICE, ListingSort.PRICE_DESCENDING):
        return "50.00", str(uuid4())
    return (str(uuid4()),)


@pytest.fixture(scope="module", params=[JOBS, PACKAGES], ids=["jobs", "packages"])
async def statements(request: pytest.FixtureRequest) -> tuple[set[str], int]:
    """The statements of all combinations of parameters of a list, and their expected number."""
    heard = Heard()
    reader = request.param.reader(heard)
    for filters in choices(request.param):
        for after in (None, keys(filters)):
            with suppress(Unauthenticated):
                await reader.browse(CALLER, filters, PageRequest(20, after), "EUR", LANGUAGES)
    return heard.statements, 2 * request.param.kinds  # from the beginning, or from an item on


async def test_there_are_few_whatever_callers_combine(statements: tuple[set[str], int]) -> None:
    found, expected = statements
    assert len(found) == expected


async def test_none_is_too_long_for_the_driver_to_keep(
    statements: tuple[set[str], int],
) -> None:
    assert max(map(len, statements[0])) < LONGEST_PREPARED  # a longer one is prepared each time
