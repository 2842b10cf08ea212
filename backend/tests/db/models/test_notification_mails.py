"""The time when a mail of notifications is due."""

from datetime import datetime

import pytest

from app.db.models.notification_mails import MailTimes
from app.db.models.notification_preferences import MailMode

BERLIN = "Europe/Berlin"
"""Its clocks skip 02:00 to 03:00 on 31 March 2030, and show it twice on 27 October 2030."""


def due(mode: MailMode, moment: str, *times: str | None, zone: str | None = BERLIN) -> str:
    preferences = MailTimes(zone, times[0] if times else None, times[1] if times else None, 2)
    found = preferences.due(mode, datetime.fromisoformat(f"2030-{moment}:00Z"), "UTC")
    return f"{found:%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("moment", "begin", "end", "expected"),
    [
        ("01-10T12:00", None, None, "01-10T12:01"),
        ("01-10T12:00", "22:00", "07:00", "01-10T12:01"),
        ("01-10T21:00", "22:00", "07:00", "01-11T06:00"),
        ("01-11T05:58", "22:00", "07:00", "01-11T06:00"),
        ("01-11T05:59", "22:00", "07:00", "01-11T06:00"),
        ("01-10T12:00", "13:00", "15:00", "01-10T14:00"),
        ("07-10T21:00", "22:00", "07:00", "07-11T05:00"),
        # Clocks skip the end: it comes an hour later than they would show it.
        ("03-31T00:10", "00:30", "02:30", "03-31T01:30"),
        # Clocks show the end twice: the quiet hours end with the second one.
        ("10-26T23:00", "00:30", "02:30", "10-27T01:30"),
        ("10-27T00:40", "00:30", "02:30", "10-27T01:30"),
        ("10-27T01:10", "00:30", "02:30", "10-27T01:30"),
        ("10-27T01:30", "00:30", "02:30", "10-27T01:31"),
        # Clocks skip the end, and show a later time before it comes.
        ("03-31T01:10", "22:00", "02:30", "03-31T01:30"),
        # Clocks show the beginning twice: the quiet hours begin with the second one.
        ("10-27T00:40", "02:30", "07:00", "10-27T00:41"),
        # Clocks skip the beginning, which would come after the end: there are no quiet hours.
        ("03-30T12:00", "02:30", "03:00", "03-30T12:01"),
        ("03-31T01:10", "02:30", "03:00", "03-31T01:11"),
    ],
)
def test_at_once_waits_for_the_end_of_quiet_hours(
    moment: str, begin: str | None, end: str | None, expected: str
) -> None:
    assert due(MailMode.AT_ONCE, moment, begin, end) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("01-10T00:30", "01-10T01:00"),
        ("01-10T01:00", "01-11T01:00"),
        ("03-30T23:30", "03-31T01:00"),
        ("03-31T01:00", "04-01T00:00"),
        ("10-26T23:30", "10-27T01:00"),
        ("10-27T00:10", "10-27T01:00"),
    ],
)
def test_daily_ones_come_at_their_hour(moment: str, expected: str) -> None:
    assert due(MailMode.DAILY, moment) == expected


def test_the_zone_of_the_market_counts_for_those_who_have_chosen_none() -> None:
    assert due(MailMode.DAILY, "01-10T00:30", zone=None) == "01-10T02:00"
