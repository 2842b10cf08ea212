"""The types that fields share: what they take, what they make of it, how they are written."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.currencies import CURRENCIES, IN_THOUSANDTHS, WHOLE
from app.db.models.fields import (
    Address,
    Area,
    Currency,
    Duration,
    Email,
    FullName,
    Headline,
    ImageUrl,
    LongText,
    Money,
    Name,
    NewCurrency,
    Password,
    PhoneNumber,
    PriceLimit,
    Reason,
    SearchWords,
    Stars,
    Username,
    new_id,
    now,
)
from app.db.models.ids import first_id

BLANKS = ["\u200b", "\u3164", "\u2800", "\u200d\U0001d173", "\u202e\xad", "\u00a0", "\U000e0041"]
NAMES = [
    "Zoë",
    "אבג",
    "\u0646\u0645\u06cc\u200c\u062e",
    "葛\U000e0100",
    "👩\u200d🔧",
    "Anna-Marie O\u2019Neil 3",
]


def taken(kind: Any, value: object) -> Any:
    """What a field of some type makes of a value."""
    return TypeAdapter(kind).validate_python(value)


def is_refused(kind: Any, value: object) -> bool:
    try:
        taken(kind, value)
    except ValidationError:
        return True
    return False


class TestMoney:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("0.01", "0.01"),
            ("99999999.99", "99999999.99"),
            ("10", "10.00"),
            ("1.5", "1.50"),
            ("1.50", "1.50"),
            ("007", "7.00"),
            (10, "10.00"),
            (1.1, "1.10"),
            (Decimal("45.90"), "45.90"),
        ],
    )
    def test_has_two_places(self, given: object, kept: str) -> None:
        assert str(taken(Money, given)) == kept

    @pytest.mark.parametrize("kind", [Money, PriceLimit])
    def test_is_documented_so_that_every_validator_takes_all_amounts(self, kind: Any) -> None:
        number, string = TypeAdapter(kind).json_schema()["anyOf"]
        assert number.keys() <= {"type", "maximum", "minimum", "exclusiveMinimum"}
        assert re.fullmatch(string["pattern"], "19.99")

    def test_is_written_as_a_string(self) -> None:
        assert TypeAdapter(Money).dump_json(Decimal("1.50")) == b'"1.50"'

    @pytest.mark.parametrize(
        "value",
        [
            *(0, "0", "-0.00", -1, "-0.01", "0.001", "1.005", 1.005, "100000000", 10**8),
            *("NaN", "Infinity", float("nan"), float("inf"), "1e9", "", "ten", "1,50", "1_000"),
            *(True, None, [1], "٣"),
        ],
    )
    def test_refuses(self, value: object) -> None:
        assert is_refused(Money, value)


class TestPriceLimit:
    @pytest.mark.parametrize("value", ["0", "0.00", "99999999.99", "1.5"])
    def test_takes(self, value: str) -> None:
        assert taken(PriceLimit, value) == Decimal(value)

    @pytest.mark.parametrize("value", ["-0.01", "1.005", "100000000", "NaN", "0E1000000", "1_0"])
    def test_refuses(self, value: str) -> None:
        assert is_refused(PriceLimit, value)


class TestCurrency:
    @pytest.mark.parametrize("code", ["EUR", "CHF", "ZWG", "JPY"])
    def test_takes(self, code: str) -> None:
        assert taken(Currency, code) == code

    @pytest.mark.parametrize("code", ["eur", "EU", "EURO", "XXX", "DEM", "", " EUR", "EUR\n"])
    def test_refuses(self, code: str) -> None:
        assert is_refused(Currency, code)

    def test_of_a_new_price_is_documented_to_have_two_places_at_most(self) -> None:
        documented = TypeAdapter(NewCurrency).json_schema()["enum"]
        assert CURRENCIES - set(documented) == IN_THOUSANDTHS
        assert set(documented) >= WHOLE

    def test_codes_have_three_letters(self) -> None:
        assert {len(code) for code in CURRENCIES} == {3}
        assert all(code.isascii() and code.isupper() for code in CURRENCIES)


class TestUsername:
    @pytest.mark.parametrize("name", ["abc", "A-b_9", "---", "x" * 32])
    def test_takes(self, name: str) -> None:
        assert taken(Username, name) == name

    @pytest.mark.parametrize(
        "name", ["", "ab", "x" * 33, "a b c", "anna.ark", "ännä", "anna\n", "anna@x", "anna\0"]
    )
    def test_refuses(self, name: str) -> None:
        assert is_refused(Username, name)


class TestEmail:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("anna@example.com", "anna@example.com"),
            (" Anna@EXAMPLE.com", "Anna@example.com"),
            ("a+b@sub.example.co", "a+b@sub.example.co"),
            ("anna@house.local", "anna@house.local"),
            ("anna@some.test", "anna@some.test"),
        ],
    )
    def test_takes(self, given: str, kept: str) -> None:
        assert taken(Email, given) == kept

    @pytest.mark.parametrize(
        "email",
        [
            *("", "anna", "anna@", "@example.com", "anna@example", "anna@localhost", "a@b@c.de"),
            *("anna@example.com\0", "anna@exam ple.com", "anna@-x.com", "Anna <anna@example.com>"),
            f"anna@{'x' * 250}.com",
        ],
    )
    def test_refuses(self, email: str) -> None:
        assert is_refused(Email, email)


class TestImageUrl:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("https://example.com/a.jpg", "https://example.com/a.jpg"),
            ("http://example.com", "http://example.com/"),
            ("HTTPS://EXAMPLE.com/A", "https://example.com/A"),
            ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ],
    )
    def test_takes(self, given: str, kept: str) -> None:
        assert taken(ImageUrl, given) == kept

    @pytest.mark.parametrize(
        "url",
        [
            *("", "a.jpg", "//example.com", "/a.jpg", "http://", "ftp://example.com", "data:,x"),
            *("javascript:alert(1)", "https://example.com/\0", f"https://example.com/{'x' * 2000}"),
        ],
    )
    def test_refuses(self, url: str) -> None:
        assert is_refused(ImageUrl, url)


class TestPhoneNumber:
    @pytest.mark.parametrize("number", ["+1234567", "+491511234567890"])
    def test_takes(self, number: str) -> None:
        assert taken(PhoneNumber, number) == number

    @pytest.mark.parametrize(
        "number",
        ["", "+123456", "+1234567890123456", "+0123456", "0151123", "+49 1512", "+٣٣٣٣٣٣٣"],
    )
    def test_refuses(self, number: str) -> None:
        assert is_refused(PhoneNumber, number)


class TestTexts:
    @pytest.mark.parametrize(
        ("kind", "longest"),
        [
            *((FullName, 120), (Name, 120), (SearchWords, 200), (Area, 100), (Address, 300)),
            *((Reason, 500), (LongText, 5000)),
        ],
    )
    def test_are_trimmed_and_limited(self, kind: Any, longest: int) -> None:
        assert taken(kind, f" \t{'ä' * longest}\n") == "ä" * longest
        assert is_refused(kind, "x" * (longest + 1))
        assert is_refused(kind, "a\0b")
        assert is_refused(kind, "a\ud800b")
        for blank in (" ", *BLANKS):
            assert is_refused(kind, blank) == (kind is not LongText)

    @pytest.mark.parametrize("kind", [SearchWords, Address, Reason, LongText])
    def test_of_several_lines_keep_them(self, kind: Any) -> None:
        assert taken(kind, "a\nb") == "a\nb"

    @pytest.mark.parametrize("kind", [FullName, Name, Headline, Area])
    def test_of_one_line_have_nothing_that_misleads(self, kind: Any) -> None:
        for character in (
            *"\n\r\t\v\x1b\x85\u2028\u202e\u2066\u200f\u200b\xad\ufeff",
            "\U000e0041",
        ):
            assert is_refused(kind, f"a{character}b"), ascii(character)
        for name in NAMES:
            assert taken(kind, name) == name

    @pytest.mark.parametrize("text", ["a", "a\nb", " a\n", "\u202ea", *BLANKS, *NAMES])
    def test_are_documented_as_they_are_taken(self, text: str) -> None:
        for kind in (FullName, Reason):
            pattern = TypeAdapter(kind).json_schema()["pattern"]
            assert (re.search(pattern, text) is None) == is_refused(kind, text)


class TestPassword:
    @pytest.mark.parametrize(
        "password", ["8 chars!", "x" * 128, " lighthouse ", "päßwörter", "nul \0 byte"]
    )
    def test_takes_as_it_is(self, password: str) -> None:
        assert taken(Password, password) == password

    @pytest.mark.parametrize(
        "password", ["7 chars", "x" * 129, "password1", "PASSWORD", "a \ud800 lighthouse"]
    )
    def test_refuses(self, password: str) -> None:
        assert is_refused(Password, password)


class TestNumbers:
    @pytest.mark.parametrize(("kind", "most"), [(Stars, 5), (Duration, 10080)])
    def test_are_whole_and_limited(self, kind: Any, most: int) -> None:
        assert [taken(kind, value) for value in (1, most)] == [1, most]
        assert isinstance(taken(kind, 1.0), int)  # JSON has one kind of number
        bad = (0, most + 1, 1.5, float("inf"), float("nan"), "1", True, None)
        assert all(is_refused(kind, value) for value in bad)


class TestFirstIds:
    def test_are_in_the_order_of_time(self) -> None:
        before = now()
        made = new_id()
        assert first_id(before) <= made < first_id(now() + timedelta(milliseconds=1))

    @pytest.mark.parametrize("year", [2, 1969, 1970])
    def test_before_there_were_any_are_none(self, year: int) -> None:
        assert first_id(datetime(year, 1, 1, tzinfo=UTC)) == UUID(int=0)
