"""Contact details in texts: telephone numbers, email addresses and URLs.

Only plain ones are found. Patterns that also match numbers spelled out or addresses written as
"anna at example dot com" would match many harmless texts.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Any, ClassVar, NamedTuple

from app.core.catalogues import N_, Translate
from app.core.errors import Invalid

MOST_FINDINGS = 20
"""The largest number of findings in a text: enough to show what is wrong."""
FEWEST_DIGITS = 6
"""Texts with fewer digits have no telephone number."""
MOST_TRIES = 1_000
"""The largest number of digit groups that are examined in a text: as many as the longest text has,
so that a number can't be hidden behind others."""
MOST_NUMBERS = 30
"""The largest number of those that are telephone numbers, or dates that could be some."""

# Each pattern begins at the beginning of a word, and each part has a largest length. So the cost
# is proportional to the length of the text.
EMAIL_ADDRESS = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,63}")
URL = re.compile(r"(?<![\w@])(?:(?i:https?|ftp)://|(?i:www)\.(?=\w))[^\s<>]{1,300}")
# Top-level domains that are rare as words: a missing space behind a full stop is no link.
# In upper case they count if all letters are capitals: sentences begin with a capital.
DOMAINS = "com|net|org|info|biz|eu|de|fr|uk|ch|nl|pl|kr"
HOST = re.compile(
    r"(?<![\w@.-])(?:[^\W_][\w-]{0,62}\.){1,8}"
    rf"(?:{DOMAINS}|{DOMAINS.upper()})(?![\w-])(?:/[^\s<>]{{0,300}})?"
)
# Link shorteners and messengers.
SHORT_LINK = re.compile(r"(?<![\w@.-])(?i:wa\.me|t\.me|m\.me|bit\.ly|linktr\.ee)/[\w+-]{1,300}")
DATE = r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])(?:[./-](?:\d{4}|\d{2})?)?"
TIME = r"(?:[01]?\d|2[0-3])[.:][0-5]\d"
# Some are telephone numbers as well: 09.09.2030 in Germany, for example.
DATES_AND_TIMES = re.compile(rf"(?:{DATE}|{TIME})(?:[\s,\u2013-]+(?:{DATE}|{TIME}))*")
PUNCTUATION = ".,;:!?'\")]}"
"""Characters that end a sentence rather than a URL."""


class ContactKind(StrEnum):
    """A kind of contact detail."""

    PHONE_NUMBER = "phone_number"
    EMAIL_ADDRESS = "email_address"
    URL = "url"


REFUSALS = {
    ContactKind.PHONE_NUMBER: N_("A telephone number can't be published here."),
    ContactKind.EMAIL_ADDRESS: N_("An email address can't be published here."),
    ContactKind.URL: N_("A URL can't be published here."),
}


class ContactDetail(NamedTuple):
    """A contact detail in a text.

    Args:
        kind: Its kind.
        start: The number of characters before it.
        end: The number of characters up to its end.
    """

    kind: ContactKind
    start: int
    end: int


class ContactDetailsRefused(Invalid):
    """A public text contains contact details.

    Args:
        field: The field with the text.
        found: The contact details, in their order.
    """

    code: ClassVar[str] = "contact_details_refused"
    detail = "Telephone numbers, email addresses and URLs can't be published here."

    def __init__(self, field: str, found: list[ContactDetail]) -> None:
        super().__init__(field=field)
        self.found = found

    def errors(self, translate: Translate = str) -> list[dict[str, Any]]:
        """An error for each contact detail, with its place in the text."""
        return [
            {
                "location": self.location,
                "field": self.field,
                "message": translate(REFUSALS[detail.kind]),
                "code": detail.kind,
                "start": detail.start,
                "end": detail.end,
            }
            for detail in self.found
        ]


def demand_no_contact_details(field: str, text: str, region: str) -> None:
    """Refuses a public text with contact details.

    Args:
        field: The field with the text.
        text: The text.
        region: The country (ISO 3166) in whose way numbers without a country code are read.

    Raises:
        ContactDetailsRefused: The text contains contact details.
    """
    if found := contact_details(text, region):
        raise ContactDetailsRefused(field, found)


def contact_details(text: str, region: str) -> list[ContactDetail]:
    """The contact details in a text, in their order, at most `MOST_FINDINGS`.

    Args:
        text: The text.
        region: The country (ISO 3166) in whose way numbers without a country code are read.
    """
    found: list[ContactDetail] = []
    for detail in (*_addresses(text), *_phone_numbers(text, region)):
        if all(detail.start >= it.end or detail.end <= it.start for it in found):
            found.append(detail)
    return sorted(found, key=lambda detail: detail.start)[:MOST_FINDINGS]


def _addresses(text: str) -> Iterator[ContactDetail]:
    if "@" in text:
        for match in EMAIL_ADDRESS.finditer(text):
            yield ContactDetail(ContactKind.EMAIL_ADDRESS, *match.span())
    if "." in text or "://" in text:
        for pattern in (URL, HOST, SHORT_LINK):
            for match in pattern.finditer(text):
                end = match.start() + len(match[0].rstrip(PUNCTUATION))
                yield ContactDetail(ContactKind.URL, match.start(), end)


def _phone_numbers(text: str, region: str) -> Iterator[ContactDetail]:
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return
    # Loading it takes 60 ms, which the start of the service need not wait for.
    from phonenumbers import Leniency, PhoneNumberMatcher

    matcher = PhoneNumberMatcher(text, region, Leniency.VALID, max_tries=MOST_TRIES)
    for match in islice(matcher, MOST_NUMBERS):
        if not DATES_AND_TIMES.fullmatch(match.raw_string):
            yield ContactDetail(ContactKind.PHONE_NUMBER, match.start, match.end)
