"""How money and times are written in a language."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_datetime,
    format_skeleton,
    format_time,
    format_timedelta,
    get_datetime_format,
    get_timezone_name,
)
from babel.numbers import (
    NumberFormatError,
    format_currency,
    format_decimal,
    get_currency_symbol,
    parse_decimal,
)

from app.core.currencies import CURRENCIES

KEPT = 4096
"""The number of formatted values that are kept: pages show the same ones again and again."""
LONGEST_AMOUNT = 24
"""The characters of an amount. Babel fails at 28 digits, and all amounts have far fewer."""
LONGEST_ENTRY = 60
"""The characters of an amount with a currency that are read."""
LONGEST_SHORT_NAME = 5
"""The characters of the name of a month that has its place on the axis of a chart."""
LOCALES: Mapping[str, str] = {"en": "en_GB"}
"""The locales of dates and numbers, where they are not those of the language alone."""


@cache
def locale_of(language: str) -> Locale:
    """The conventions for dates and numbers of a language."""
    return Locale.parse(LOCALES.get(language, language))


@cache
def beside_currency(currency: str, locale: Locale) -> re.Pattern[str]:
    """The pattern of a `number` with or without its currency beside it.

    Args:
        currency: The code of a currency.
        locale: The locale, which may have a symbol of its own.
    """
    symbol = get_currency_symbol(currency, locale)
    bare = "".join(sign for sign in symbol if not sign.isascii() or not sign.isalpha())
    signs = "|".join(map(re.escape, filter(None, (currency, symbol, bare))))
    return re.compile(rf"(?:{signs})?\s*(?P<number>.*?)\s*(?:{signs})?", re.IGNORECASE | re.DOTALL)


class Formats:
    """Writes values in one language for the pages and mails of one market.

    Args:
        language: The language.
        zone: The time zone of the market: a job is done there, wherever its reader is.
        currency: The currency of amounts that are typed without saying which is meant.
    """

    def __init__(self, language: str, zone: ZoneInfo, currency: str) -> None:
        self._locale, self._zone, self._currency = locale_of(language), zone, currency
        self.money = lru_cache(KEPT)(self._money)
        self.moment = lru_cache(KEPT)(self._moment)
        self.length = lru_cache(KEPT)(self._length)
        self.number = lru_cache(KEPT)(self._number)

    def _money(self, amount: Decimal, currency: str) -> str:
        """An amount of money, without decimal places if it is whole."""
        is_whole = amount == amount.to_integral_value()
        pattern = self._locale.currency_formats["standard"].pattern
        if is_whole:  # `currency_digits=False` alone falls back on the two digits of the pattern
            pattern = pattern.replace(".00", "")
        return format_currency(
            amount, currency, pattern, self._locale, currency_digits=not is_whole
        )

    def _moment(self, at: datetime, day: str = "MMMEd") -> str:
        """A day and a time of day in the market.

        Args:
            at: The time.
            day: The skeleton of the day (Unicode TR 35).
        """
        local = at.astimezone(self._zone)
        pattern = str(get_datetime_format("medium", locale=self._locale))  # of a day and a time
        return pattern.replace("'", "").format(
            format_time(local, "short", locale=self._locale),
            format_skeleton(day, local, locale=self._locale),
        )

    def date(self, at: datetime) -> str:
        """A day in the market, with its year."""
        return format_skeleton("yMMMd", at.astimezone(self._zone), locale=self._locale)

    def day_of_year(self, at: datetime) -> str:
        """A day in the market, without its year."""
        return format_skeleton("MMMd", at.astimezone(self._zone), locale=self._locale)

    def month(self, at: datetime, skeleton: str = "yMMM") -> str:
        """A month of the market.

        Args:
            at: A time in it.
            skeleton: How it is written (Unicode TR 35).
        """
        return format_skeleton(skeleton, at.astimezone(self._zone), locale=self._locale)

    def short_month(self, at: datetime) -> str:
        """A month on the axis of a chart: its number in languages that have no short names."""
        names = self._locale.months["format"]["abbreviated"].values()
        has_short_names = max(map(len, names)) <= LONGEST_SHORT_NAME
        return self.month(at, "MMM" if has_short_names else "M")

    def full(self, at: datetime) -> str:
        """A day with its year, and a time with its zone."""
        return format_datetime(at, "medium", tzinfo=self._zone, locale=self._locale)

    def zoned(self, at: datetime) -> str:
        """A day with its year, and a time of day with the name of the zone."""
        zone = get_timezone_name(at.astimezone(self._zone), locale=self._locale)
        return f"{self.moment(at, 'yMMMd')} ({zone})"

    def within(self, duration: timedelta) -> str:
        """The distance of a time that is ahead, as in "in 30 minutes"."""
        return format_timedelta(duration, add_direction=True, locale=self._locale)

    def ago(self, at: datetime) -> str:
        """The distance of a time from now."""
        return format_timedelta(at - datetime.now(UTC), add_direction=True, locale=self._locale)

    def _length(self, minutes: int) -> str:
        """A duration in hours and minutes."""
        hours, rest = divmod(minutes, 60)
        parts: tuple[tuple[timedelta, Literal["hour", "minute"]], ...] = (
            (timedelta(hours=hours), "hour"),
            (timedelta(minutes=rest), "minute"),
        )
        return " ".join(
            format_timedelta(
                part, granularity=unit, threshold=99, format="narrow", locale=self._locale
            )
            for part, unit in parts
            if part
        )

    def language(self, code: str) -> str:
        """The name of a language.

        Args:
            code: Its code (ISO 639-1).
        """
        name: str = self._locale.languages.get(code, code)
        return name

    def _number(self, value: float | Decimal) -> str:
        """A number."""
        return format_decimal(value, locale=self._locale)

    def amount(self, value: Decimal) -> str:
        """An amount as people type it, without a currency."""
        is_whole = value == value.to_integral_value()
        return format_decimal(value, "0" if is_whole else "0.00", locale=self._locale)

    def entered(self, value: Any) -> str:
        """A value as people enter it into a form."""
        if isinstance(value, Decimal):
            return self.amount(value)
        if isinstance(value, datetime):
            return self.local(value)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value)

    def parse_amount(self, text: str, currency: str = "") -> str:
        """An amount as people type it, in the form that models read; other texts as they are.

        Args:
            text: The text. The symbol or the code of the currency may stand beside the number.
            currency: The currency that is meant, unless it is that of the market.
        """
        known = currency if currency in CURRENCIES else self._currency
        found = beside_currency(known, self._locale).fullmatch(text.strip()[:LONGEST_ENTRY])
        number = found["number"] if found else ""
        # An exponent may stand for billions of digits.
        if len(number) > LONGEST_AMOUNT or any(sign.isalpha() for sign in number):
            return text
        try:
            return format(parse_decimal(number, locale=self._locale, strict=True), "f")
        except NumberFormatError:
            return text

    def local(self, at: datetime) -> str:
        """A time in the market, as an input of the type `datetime-local` has it."""
        return at.astimezone(self._zone).strftime("%Y-%m-%dT%H:%M")

    def parse_local(self, text: str, exact: str = "") -> str:
        """A time in the market with its offset; other texts as they are.

        Args:
            text: The text.
            exact: The time that is meant if the text is how `local` writes it. An input has neither
                its seconds nor its offset, of which there are two when clocks go back.
        """
        try:
            if exact and self.local(datetime.fromisoformat(exact)) == text:
                return exact
            local = datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            return text
        return (local if local.tzinfo else local.replace(tzinfo=self._zone)).isoformat()
