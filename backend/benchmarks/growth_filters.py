"""The filters of the measured lists of jobs, by a number."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.db.models.listings import CleaningFilters, ListingSort


def prices(n: int, **more: Any) -> CleaningFilters:
    """By a price range."""
    low = 20 + n % 100
    return CleaningFilters(min_price=Decimal(low), max_price=Decimal(low + 100), **more)


def everything(_: int) -> CleaningFilters:
    """All open jobs, newest first."""
    return CleaningFilters()


def by_price(_: int) -> CleaningFilters:
    """All open jobs, the cheapest first."""
    return CleaningFilters(sort=ListingSort.PRICE)


def narrow(n: int) -> CleaningFilters:
    """By a price range of a cent or two."""
    low = 20 + Decimal(n % 200)
    return CleaningFilters(min_price=low, max_price=low + Decimal("0.01"))


def within(category: str, **more: Any) -> Callable[[int], CleaningFilters]:
    """In a category and all beneath it."""
    return lambda _: CleaningFilters(category=category, **more)


def any_by_price(_: int) -> CleaningFilters:
    """All jobs of all states, the cheapest first."""
    return CleaningFilters(status="any", sort=ListingSort.PRICE)


def starting(n: int) -> CleaningFilters:
    """By the hour of the start."""
    hour = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(hours=n % 1_000)
    return CleaningFilters(starts_after=hour, starts_before=hour + timedelta(hours=1))


def in_german(_: int) -> CleaningFilters:
    """By language."""
    return CleaningFilters(language="de")


def having(q: str, **more: Any) -> Callable[[int], CleaningFilters]:
    """By a word."""
    return lambda _: CleaningFilters(q=q, **more)
