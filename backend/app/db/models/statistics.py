"""Statistics: the numbers of the market, for staff."""

from datetime import date

from sqlmodel import SQLModel

MOST_COUNTED = 10_000
"""The largest number of rows of one kind that is counted."""
MOST_EVENTS = 20_000
"""The largest number of events that is counted: the newest ones."""


class DailyCount(SQLModel):
    """The number of events of one kind on one day."""

    day: date
    subject: str
    kind: str
    number: int


class StatisticsPublic(SQLModel):
    """The numbers of the market. `MOST_COUNTED` + 1 stands for more than can be counted."""

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
