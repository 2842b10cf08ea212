"""The terms of the job of an order, which follow from its packages and items."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from app.core.currencies import WHOLE
from app.core.errors import Invalid
from app.db.models.order_items import OrderItem
from app.db.models.packages import Package

LONGEST_NAME = 120
HIGHEST_TOTAL = Decimal("99999999.99")
LONGEST_WORK = 7 * 24 * 60
"""The bounds of a job: see `Name`, `Money` and `Duration`."""


def total_of(items: Sequence[OrderItem]) -> Decimal:
    """The price of all pieces.

    Raises:
        Invalid: It is higher than that of a job can be.
    """
    total = sum((item.price * item.quantity for item in items), Decimal())
    if total > HIGHEST_TOTAL:
        raise Invalid(
            "The total must be at most {highest:,}.", field="items", highest=HIGHEST_TOTAL
        )
    return total


def duration_of(items: Sequence[OrderItem]) -> int | None:
    """The minutes that all pieces take; None if it is not known of each.

    Raises:
        Invalid: They are more than a job can take.
    """
    minutes = 0
    for item in items:
        if item.duration is None:
            return None
        minutes += item.duration * item.quantity
    if minutes > LONGEST_WORK:
        raise Invalid("The work must take at most seven days.", field="items")
    return minutes


def category_of(packages: Sequence[Package]) -> str | None:
    """The slug of the category of all packages; None if they have several."""
    slugs = {package.category for package in packages}
    return slugs.pop() if len(slugs) == 1 else None


class Ordered(Protocol):
    """A package of an order, as names show it."""

    quantity: int
    name: str


def name_of(items: Sequence[Ordered]) -> str:
    """The name of the job."""
    name = ", ".join(_piece(item) for item in items)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def description_of(items: Sequence[OrderItem], currency: str, note: str | None) -> str:
    """The description of the job: a line for each item, and the note of the customer.

    It is stored, for readers in all languages: so it has the code of the currency.
    """
    places = 0 if currency in WHOLE else 2
    lines = [
        f"{_piece(item)}: {item.price * item.quantity:.{places}f} {currency}" for item in items
    ]
    return "\n".join([*lines, "", note] if note else lines)


def _piece(item: Ordered) -> str:
    return item.name if item.quantity == 1 else f"{item.quantity} x {item.name}"
