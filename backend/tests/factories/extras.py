"""Extras of categories."""

from decimal import Decimal
from typing import Any

from app.db.models.extras import Extra
from tests.factories.users import Market

OVEN: dict[str, Any] = {
    "name": "Inside the oven",
    "names": {"de": "Backofen innen"},
    "price": Decimal("15.00"),
    "currency": "EUR",
    "minutes": 30,
}


async def bring_extra(market: Market, category: str, slug: str = "oven", **fields: Any) -> None:
    """A category brings an extra.

    Args:
        market: Where the category is.
        category: Its slug.
        slug: The slug of the extra.
        fields: Other values than those of `OVEN`.
    """
    async with market.app.state.database.write() as transaction:
        transaction.add(Extra(category=category, slug=slug, **{"position": 1, **OVEN, **fields}))
