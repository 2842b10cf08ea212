"""Prices: which amounts fit which currency."""

from decimal import Decimal

from app.core.currencies import IN_THOUSANDTHS, WHOLE
from app.core.errors import Invalid


class CurrencyNotSupported(Invalid):
    code = "currency_not_supported"
    detail = "Prices have two decimal places, and this currency has three."


class PriceNotWhole(Invalid):
    code = "price_not_whole"
    detail = "Prices in this currency are whole: it has no decimal places."


PRICES_REFUSED = (CurrencyNotSupported, PriceNotWhole)
"""The errors of `demand_price`."""


def demand_price(price: Decimal, currency: str) -> None:
    """Refuses a new price that its currency does not allow.

    Args:
        price: An amount with at most two decimal places.
        currency: Its ISO 4217 code.

    Raises:
        CurrencyNotSupported: The minor unit of the currency is a thousandth.
        PriceNotWhole: The currency has no minor unit, and the price is not whole.
    """
    if currency in IN_THOUSANDTHS:
        raise CurrencyNotSupported(
            "Prices have two decimal places, and {currency} has three.",
            field="currency",
            currency=currency,
        )
    if currency in WHOLE and price % 1:
        raise PriceNotWhole(
            "Prices in {currency} are whole: it has no decimal places.",
            field="price",
            currency=currency,
        )
