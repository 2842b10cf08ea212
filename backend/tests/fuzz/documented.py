"""The documentation, as schemathesis takes it: what it makes requests of, and holds answers to."""

import os
from datetime import UTC, datetime
from typing import Any

import schemathesis
from hypothesis import strategies as st

from app.db.models.fields import INVISIBLE, NO_NUL, NOT_BLANK
from tests.features import FEATURES
from tests.operations import DOCUMENT

SEED = os.environ.get("FUZZ_SEED") or None
CASES = int(os.environ.get("FUZZ_CASES", "20"))
"""How many random requests are made for each operation, beside those that are thought out."""

BASE_URL = "http://test"
EXPECTED = ["2xx", "401", "403", "404", "409", "412"]
"""What may become of a request that is right as it stands."""
REFUSED = ["4xx"]
"""What may become of one that is wrong: somebody may not even look at what is."""
CONDITIONAL = [operation for feature in FEATURES for operation in feature.conditional]
"""Operations whose input may be wrong in a way that only the data tell."""

CONFIG = schemathesis.Config.from_dict(
    {
        "base-url": BASE_URL,
        "seed": int(SEED or 0),
        "suppress-health-check": ["all"],
        "generation": {
            "deterministic": SEED is None,
            "max-examples": CASES,
            "allow-x00": False,  # see PATTERNS
            "with-security-parameters": False,  # the explorer logs in
            "database": "none",
        },
        "phases": {"stateful": {"inference": {"algorithms": []}}},  # the links are documented
        "checks": {
            "positive_data_acceptance": {"expected-statuses": EXPECTED},
            "negative_data_rejection": {"expected-statuses": REFUSED},
            "ignored_auth": {"enabled": False},  # who may call what, the table of access says
        },
        "operations": [
            {
                "include-operation-id": operation,
                "checks": {"positive_data_acceptance": {"expected-statuses": [*EXPECTED, "422"]}},
            }
            for operation in CONDITIONAL
        ],
    }
)


URLS = ["https://example.com/a.jpg", "http://example.com", "HTTPS://EXAMPLE.com:8/a%20b?c=d#e"]
PATTERNS = {NO_NUL: "", NOT_BLANK: f"[^{INVISIBLE}]"}
"""What stands for the patterns by which hypothesis takes very long to find texts of a length.

That NUL is refused everywhere is shown without it, with all other bad input.
"""

# The first and the last year are refused, since a time zone could lead out of them.
LIMITS = (datetime.fromisoformat(day) for day in ("0002-01-01", "9998-12-31"))
MOMENTS = st.datetimes(*LIMITS, timezones=st.just(UTC)).map(datetime.isoformat)


AMOUNTS = 99_999_999.99
"""The largest amount, by which numbers that are amounts are known.

That they have at most two decimal places is documented in words: not every validator finds that
19.99 is a multiple of 0.01, but hypothesis does.
"""


def simplified(part: Any) -> Any:
    """A part of the documentation, with rules that are easy to follow."""
    if isinstance(part, list):
        return [simplified(item) for item in part]
    if not isinstance(part, dict):
        return part
    rest = {name: simplified(value) for name, value in part.items()}
    if part.get("maximum") == AMOUNTS:
        rest["multipleOf"] = 0.01
    pattern = part.get("pattern")
    return rest | {"pattern": PATTERNS[pattern]} if pattern in PATTERNS else rest


schemathesis.openapi.format("date-time", MOMENTS)
schemathesis.openapi.format("uri", st.sampled_from(URLS))
SCHEMA = schemathesis.openapi.from_dict(simplified(DOCUMENT), config=CONFIG)
