"""Rate limits."""

import re
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, ValidationInfo
from pydantic_settings import NoDecode

WRITTEN = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")


class Limit(NamedTuple):
    """A rate limit.

    Args:
        name: The name in the `RateLimit` headers.
        most: The number of attempts within the window.
        window: The length of the window in seconds, from its first attempt on.
    """

    name: str
    most: int
    window: int

    def times(self, factor: int) -> "Limit":
        """The limit for a number of subjects together."""
        return self._replace(most=self.most * factor)


def _read(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        return value
    written = WRITTEN.fullmatch(value.replace(" ", ""))
    if not written:
        raise ValueError("expected a number of attempts and a window in seconds, such as 10/300")
    return Limit(str(info.field_name), int(written[1]), int(written[2]))


LimitSetting = Annotated[Limit, NoDecode, BeforeValidator(_read)]
"""A limit in the form of settings: 10/300 is ten attempts in five minutes."""


class Limits(NamedTuple):
    """All limits of an installation."""

    logins_per_account: Limit
    logins_per_address: Limit
    logins_in_all: Limit
    second_factors_per_account: Limit
    resets_per_email: Limit
    verifications_per_email: Limit
    mails_per_address: Limit
    exports_per_account: Limit
    questions_per_account: Limit
    messages_per_account: Limit
    reports_per_account: Limit
    notices_per_email: Limit
    thread_readings_per_account: Limit
    uploads_per_account: Limit
    webhook_replays_per_account: Limit
