"""Earnings on pages."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, TypeAdapter

from app.db.models.fields import now

MONTHS = 12
"""The number of months that are summed up, the present one included."""


class Earned(BaseModel):
    """The earnings of one month in one currency."""

    month: str
    currency: str
    bookings: int
    total: Decimal


class Month(NamedTuple):
    """A month in a chart.

    Args:
        begins_at: Its beginning.
        bookings: The number of bookings.
        total: The sum of their prices.
        share: The sum in percent of the largest one of the chart.
    """

    begins_at: datetime
    bookings: int
    total: Decimal
    share: float


class Chart(NamedTuple):
    """The earnings in one currency.

    Args:
        currency: The currency.
        months: All months, the earliest first.
        total: The sum of all months.
    """

    currency: str
    months: list[Month]
    total: Decimal


def last_months(zone: ZoneInfo) -> list[datetime]:
    """The beginnings of the last `MONTHS` months, the earliest first.

    Args:
        zone: The time zone of the market.
    """
    present = now().astimezone(zone)
    number = present.year * 12 + present.month - 1
    return [_month(it, zone) for it in range(number - MONTHS + 1, number + 1)]


def _month(number: int, zone: ZoneInfo) -> datetime:
    year, month = divmod(number, 12)
    return datetime(year, month + 1, 1, tzinfo=zone)


def charts_of(sums: Sequence[Earned], months: Sequence[datetime]) -> list[Chart]:
    """The earnings by currency.

    Args:
        sums: The earnings of each month in each currency.
        months: The beginnings of the months.
    """
    return [
        _chart([it for it in sums if it.currency == currency], currency, months)
        for currency in sorted({it.currency for it in sums})
    ]


def _chart(sums: Sequence[Earned], currency: str, months: Sequence[datetime]) -> Chart:
    by_month = {it.month: it for it in sums}
    largest = max(it.total for it in sums)
    shown = []
    for begins_at in months:
        earned = by_month.get(f"{begins_at:%Y-%m}")
        total = earned.total if earned else Decimal(0)
        count = earned.bookings if earned else 0
        shown.append(Month(begins_at, count, total, round(float(total / largest) * 100, 1)))
    return Chart(currency, shown, sum((it.total for it in sums), Decimal(0)))


SUMS = TypeAdapter(list[Earned])
