"""The steps of the rules as requests."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Step(NamedTuple):
    """Something that can be done to a thing.

    Args:
        method: How it is asked for.
        path: Where, below the thing.
        when: In which states of the thing it may be allowed.
        by_owner: Whether it is for the owner of the job, not for the cleaner.
        body: What is sent.
    """

    method: str
    path: str
    when: Sequence[str]
    by_owner: bool = True
    body: dict[str, Any] | None = None


ON_JOBS = {
    "edit": Step("PATCH", "", ["open"]),
    "restart": Step("PATCH", "", ["expired"]),
    "translate": Step("PATCH", "", ["open"]),
    "offer": Step("POST", "/offers", ["open"], by_owner=False, body={}),
    "cancel": Step("POST", "/cancellation", ["open", "booked"]),
    "delete": Step("DELETE", "", ["open"]),
}
ON_OFFERS = {
    "revise": Step("PATCH", "", ["pending"], by_owner=False, body={"message": "Soon?"}),
    "withdraw": Step("POST", "/withdrawal", ["pending"], by_owner=False),
    "renew": Step("POST", "/renewal", ["superseded", "withdrawn"], by_owner=False),
    "lower": Step("POST", "/renewal", ["rejected"], by_owner=False),
    "reject": Step("POST", "/rejection", ["pending"]),
    "accept": Step("POST", "/acceptance", ["pending"]),
}
ON_BOOKINGS = {
    "tick": Step("PUT", "/checklist/1", ["scheduled"], by_owner=False),
    "report": Step("POST", "/completion-report", ["scheduled"], by_owner=False),
    "complete": Step("POST", "/completion", ["scheduled"]),
    "cancel": Step("POST", "/cancellation", ["scheduled"], by_owner=False),
    "miss": Step("POST", "/no-show", ["scheduled"]),
    "evaluate": Step("POST", "/evaluation", ["completed", "no_show"]),
}
ON_PACKAGES = {
    "edit": Step("PATCH", "", ["draft", "published", "paused"]),
    "publish": Step("POST", "/publication", ["draft", "paused"]),
    "pause": Step("POST", "/pause", ["published"]),
    "archive": Step("POST", "/archival", ["draft", "published", "paused"]),
    "restock": Step("POST", "/stock", ["draft", "published", "paused"]),
}
ON_ORDERS = {
    "accept": Step("POST", "/acceptance", ["placed"], by_owner=False),
    "decline": Step("POST", "/declination", ["placed"], by_owner=False),
    "cancel": Step("POST", "/cancellation", ["placed"]),
}
