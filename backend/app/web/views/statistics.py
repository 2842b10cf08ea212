"""The numbers of the market on pages."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from app.core.catalogues import N_
from app.db.models.fields import now
from app.db.models.statistics import MOST_COUNTED, MOST_EVENTS

DAYS = 30
"""The number of days that are shown, the present one among them."""
MONDAY = 0

WORDS: Mapping[tuple[str, str], str] = {
    ("user", "created"): N_("New accounts"),
    ("cleaning", "created"): N_("Jobs posted"),
    ("offer", "created"): N_("Offers made"),
    ("cleaning", "booked"): N_("Jobs booked"),
    ("cleaning", "completed"): N_("Jobs done"),
    ("booking", "cancelled"): N_("Bookings cancelled"),
    ("booking", "missed"): N_("Cleaners who did not come"),
    ("evaluation", "created"): N_("Reviews"),
    ("order", "placed"): N_("Orders placed"),
    ("order", "accepted"): N_("Orders accepted"),
    ("order", "declined"): N_("Orders declined"),
    ("order", "cancelled"): N_("Orders cancelled"),
    ("order", "expired"): N_("Orders expired"),
}
"""The kinds of events that are counted, in words."""
CHARTS = (("cleaning", "created"), ("cleaning", "booked"))
"""The kinds of events that have a chart."""


class DailyCount(BaseModel):
    """The number of events of one kind on one day."""

    day: date
    subject: str
    kind: str
    number: int


class Day(NamedTuple):
    """A day in a chart.

    Args:
        at: Its beginning.
        number: The number of events.
        share: The number in percent of the largest one of the chart.
    """

    at: datetime
    number: int
    share: float

    @property
    def begins_week(self) -> bool:
        """Whether it is a Monday, which has a label."""
        return self.at.weekday() == MONDAY


class Chart(NamedTuple):
    """The numbers of events of one kind.

    Args:
        words: The kind, in the language of the source.
        days: All days, the earliest first.
    """

    words: str
    days: list[Day]


class Statistics(BaseModel):
    """The numbers of the market."""

    accounts: int
    pending_accounts: int
    blocked_accounts: int
    has_superuser: bool
    open_jobs: int
    published_packages: int
    waiting_reports: int
    failed_tasks: int
    events: int
    days: list[DailyCount]

    @property
    def most(self) -> int:
        """The largest number that is exact."""
        return MOST_COUNTED

    @property
    def is_cut(self) -> bool:
        """Whether there were more events than are counted."""
        return self.events >= MOST_EVENTS

    def totals(self) -> list[tuple[str, int]]:
        """The number of events of each kind on all days, with its words."""
        totals = dict.fromkeys(WORDS, 0)
        for it in self.days:
            totals[it.subject, it.kind] += it.number
        return [(WORDS[kind], number) for kind, number in totals.items()]

    def charts(self, zone: ZoneInfo) -> list[Chart]:
        """The charts of the days since `first_day`."""
        begin = first_day(zone)
        return [self._chart(kind, begin) for kind in CHARTS]

    def _chart(self, kind: tuple[str, str], begin: datetime) -> Chart:
        numbers = {it.day: it.number for it in self.days if (it.subject, it.kind) == kind}
        most = max([1, *numbers.values()])
        days = [begin + timedelta(days=number) for number in range(DAYS)]
        counted = [(day, numbers.get(day.date(), 0)) for day in days]
        return Chart(WORDS[kind], [Day(day, it, round(100 * it / most, 1)) for day, it in counted])


def first_day(zone: ZoneInfo) -> datetime:
    """The beginning of the first of the last `DAYS` days.

    Args:
        zone: The time zone of the market.
    """
    today = now().astimezone(zone).date()
    return datetime.combine(today - timedelta(days=DAYS - 1), time(), zone)
