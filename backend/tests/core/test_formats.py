"""How times are written and read in a language."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.core.formats import Formats

FORMATS = Formats("en", ZoneInfo("Europe/Berlin"), "EUR")


class TestTheTimeOfAnInput:
    @pytest.mark.parametrize(
        "exact",
        [
            "2030-10-27T00:30:00+00:00",  # the first 02:30 of this day
            "2030-10-27T01:30:00+00:00",  # the second
            "2030-05-17T07:00:30.5+00:00",
        ],
    )
    def test_is_the_exact_one_until_another_is_entered(self, exact: str) -> None:
        shown = FORMATS.local(datetime.fromisoformat(exact))
        assert FORMATS.parse_local(shown, exact) == exact
        assert FORMATS.parse_local("2030-10-27T03:30", exact) == "2030-10-27T03:30:00+01:00"

    @pytest.mark.parametrize("exact", ["x", "9999-12-31T23:59:59+00:00"])
    def test_is_no_time_beside_an_exact_one_that_is_none(self, exact: str) -> None:
        assert FORMATS.parse_local("2030-05-17T09:00", exact) == "2030-05-17T09:00"
