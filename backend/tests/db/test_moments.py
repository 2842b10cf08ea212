"""Points in time, and the ids that hold one."""

import json
from datetime import UTC, datetime, timedelta, timezone
from time import thread_time

import pytest
from pydantic import TypeAdapter, ValidationError

from app.db.models.fields import Moment, QueryMoment, new_id, now
from tests.factories.users import Market


class TestMoment:
    @pytest.mark.parametrize(
        "written",
        [
            "2030-01-31T09:00:00Z",
            "2030-01-31t09:00:00z",
            "2030-01-31 09:00:00+00:00",
            "2030-01-31T09:00Z",
            "2030-01-31T14:45:00+05:45",
            "2030-01-30T23:00:00.000000-10:00",
        ],
    )
    def test_is_taken_with_any_offset(self, written: str) -> None:
        moment = TypeAdapter(Moment).validate_python(written)
        assert moment == datetime(2030, 1, 31, 9, tzinfo=UTC)
        assert moment.tzinfo is UTC

    def test_is_taken_from_a_datetime(self) -> None:
        east = timezone(timedelta(hours=14))
        assert TypeAdapter(Moment).validate_python(datetime(2030, 1, 1, tzinfo=east)).day == 31

    @pytest.mark.parametrize(
        "value",
        [
            datetime(2030, 1, 31),  # noqa: DTZ001 (that is what is to be refused)
            "2030-01-31T09:00:00",
            "2030-01-31",
            "2030-01-31T24:00:01Z",
            "2030-01-31T09:00:60Z",
            "2030-02-29T09:00:00Z",
            "2030-01-31T09:00:00+24:00",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "0001-01-01T00:00:00Z",  # for the driver this is "before all time",
            "9999-12-31T23:59:59.999999Z",  # and this "after all time"
            1893456000,
            "1893456000",
            True,
            None,
        ],
    )
    def test_refuses(self, value: object) -> None:
        with pytest.raises(ValidationError):
            TypeAdapter(Moment).validate_python(value)

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2030, 1, 31, 9, tzinfo=UTC),
            datetime(2030, 1, 31, 9, 0, 0, 1, tzinfo=UTC),
            datetime(2030, 1, 31, 9, 0, 0, 100000, tzinfo=UTC),
            datetime(2030, 1, 31, 9, 0, 0, 120340, tzinfo=UTC),
            datetime(2030, 1, 31, 9, 0, 0, 999999, tzinfo=UTC),
            datetime(2030, 1, 31, 9, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
            datetime(1, 1, 2, tzinfo=UTC),
            datetime(900, 12, 31, 23, 59, 59, tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        ],
        ids=str,
    )
    async def test_is_written_as_postgresql_writes_it(
        self, market: Market, moment: datetime
    ) -> None:
        rows = await market.app.state.database.fetch(
            "SELECT json_build_object('x', $1::timestamptz)::text AS json", [moment]
        )
        written = json.loads(rows[0]["json"])["x"]
        assert TypeAdapter(Moment).dump_python(moment, mode="json") == written


class TestAMomentInAQuery:
    @pytest.mark.parametrize("offset", ["+01:00", " 01:00"])
    def test_may_have_a_space_in_the_place_of_a_plus(self, offset: str) -> None:
        moment = TypeAdapter(QueryMoment).validate_python(f"2030-01-31T10:00:00{offset}")
        assert moment == datetime(2030, 1, 31, 9, tzinfo=UTC)

    def test_is_refused_at_a_cost_that_grows_with_its_length_only(self) -> None:
        text = "2030-01-31" + "T09:00" * 10_000
        begun = thread_time()
        with pytest.raises(ValidationError):
            TypeAdapter(QueryMoment).validate_python(text)
        assert thread_time() - begun < 0.2


class TestIds:
    def test_rise_with_time(self) -> None:
        ids = [new_id() for _ in range(1000)]
        assert ids == sorted(set(ids))
        assert {id.version for id in ids} == {7}  # noqa: A001

    def test_begin_with_the_present(self) -> None:
        made = datetime.fromtimestamp((new_id().int >> 80) / 1000, UTC)
        assert abs(now() - made) < timedelta(seconds=1)
