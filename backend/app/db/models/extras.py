"""Extras: additions that a category brings for its jobs, such as the inside of the oven."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

import pydantic
from pydantic import AfterValidator, BeforeValidator, model_validator
from sqlalchemy import CheckConstraint, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Invalid, NotFound
from app.db.models.categories import LONGEST_SLUG, SLUG, Names, Slug
from app.db.models.fields import Currency, Duration, Input, Money, Name, NewCurrency
from app.db.models.inheritance import PLACED, Position
from app.db.models.prices import demand_price
from app.postgres.rows import Row

MOST_PICKED = 20
"""The largest number of extras of a job."""
MOST_EXTRAS = 50
"""The largest number of extras that a category brings itself."""


class ExtraNotFound(NotFound):
    code = "extra_not_found"
    detail = "The category itself brings no such extra."


class TooManyExtras(Conflict):
    code = "too_many_extras"
    detail = f"A category brings at most {MOST_EXTRAS} extras itself."


class UnknownExtra(Invalid):
    code = "unknown_extra"
    detail = "The category of the job does not bring this extra."


class Extra(Row, table=True):
    """An extra that a category brings for its jobs and those of all categories beneath it."""

    __tablename__ = "extras"
    __table_args__ = (
        CheckConstraint(f"slug ~ '{SLUG}'", name="slug"),
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("(price IS NULL) = (currency IS NULL)", name="priced"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    category: str = Field(
        primary_key=True,
        foreign_key="categories.slug",
        ondelete="CASCADE",
        sa_type=String(LONGEST_SLUG, collation="C"),
    )
    slug: str = Field(primary_key=True, sa_type=String(LONGEST_SLUG, collation="C"))
    position: int
    name: str
    names: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    price: Decimal | None = Field(default=None, sa_type=Numeric(10, 2))
    currency: str | None = Field(default=None, max_length=3)
    minutes: int | None = None

    @classmethod
    def of(cls, node: "ExtraNode", category: str, position: int, currency: str) -> "Extra":
        """Returns a new extra from a file of categories.

        Args:
            node: The extra in the file.
            category: The slug of its category.
            position: Its place among those of the category.
            currency: The currency of the market. Without a price in it, none is suggested.
        """
        price = node.prices.get(currency)
        return cls(
            category=category,
            position=position,
            price=price,
            currency=None if price is None else currency,
            **node.model_dump(exclude={"prices"}),
        )


class ExtraBase(SQLModel):
    """The fields of an extra that staff sets and all see."""

    name: Name = Field(
        description="Its name in all languages that `names` does not have",
        schema_extra={"examples": ["Inside the oven"]},
    )
    names: Names = Field(
        default_factory=dict,
        description="By language (BCP 47), where it differs from `name`",
        schema_extra={"examples": [{"de": "Backofen innen", "fr": "Intérieur du four"}]},
    )
    price: Money | None = Field(
        default=None, description="The suggested price", schema_extra={"examples": ["15.00"]}
    )
    currency: Currency | None = Field(default=None, description="The currency of that price")
    minutes: Duration | None = Field(
        default=None, description="The suggested time", schema_extra={"examples": [30]}
    )


class ExtraDraft(Input, ExtraBase):
    """An extra that a category is to bring."""

    currency: NewCurrency | None = Field(
        default=None, description="The currency of the price, the market's by default"
    )
    position: Position | None = Field(default=None, description=PLACED)

    @model_validator(mode="after")
    def demand_price_in_currency(self) -> Self:
        """Refuses a currency without a price, and a price that the currency does not allow."""
        if self.currency and self.price is None:
            raise ValueError("a currency needs a price")
        if self.currency and self.price is not None:
            demand_price(self.price, self.currency)
        return self


class ExtraNode(Input):
    """An extra in a file of categories, with suggested prices by currency."""

    slug: Slug
    name: Name
    names: Names = Field(default_factory=dict)
    prices: dict[Currency, Money] = Field(default_factory=dict)
    minutes: Duration | None = None

    @model_validator(mode="after")
    def demand_prices_in_currency(self) -> Self:
        """Refuses prices that their currency does not allow."""
        for currency, price in self.prices.items():
            demand_price(price, currency)
        return self


class ExtraPublic(ExtraBase):
    """An extra that a category brings or inherits."""

    slug: Slug = Field(schema_extra={"examples": ["oven"]})
    category: Slug = Field(description="The category that brings it")


class PickedExtra(SQLModel):
    """An extra of a job, as its category suggested it when it was picked."""

    slug: str = Field(schema_extra={"examples": ["oven"]})
    name: str = Field(schema_extra={"examples": ["Inside the oven"]})
    price: Money | None = Field(
        description="The suggested price", schema_extra={"examples": ["15.00"]}
    )
    currency: Currency | None = Field(description="The currency of the suggested price")
    minutes: int | None = Field(description="The suggested time", schema_extra={"examples": [30]})


def _slug_of(given: object) -> object:
    # The extras that a job answers with can be sent back.
    return given.get("slug") if isinstance(given, dict) else given


def all_different(slugs: list[str]) -> list[str]:
    """Refuses a list that repeats a slug.

    Raises:
        ValueError: A slug is repeated.
    """
    if len(set(slugs)) < len(slugs):
        raise ValueError("must name each extra once")
    return slugs


Picks = Annotated[
    list[Annotated[Slug, BeforeValidator(_slug_of)]],
    pydantic.Field(max_length=MOST_PICKED),
    AfterValidator(all_different),
]
"""The slugs of the extras that a job is to have."""


def extras_checks() -> tuple[CheckConstraint, ...]:
    """The constraints of the column with the extras of a job."""
    return (
        CheckConstraint(
            "CASE jsonb_typeof(extras) WHEN 'array' "
            f"THEN jsonb_array_length(extras) <= {MOST_PICKED} ELSE false END",
            name="extras",
        ),
        CheckConstraint("category IS NOT NULL OR extras = '[]'", name="extras_of_category"),
    )


def picks_field(default: Callable[[], Any]) -> Any:
    """A field of a request with the extras that a job is to have.

    Args:
        default: Makes the value if there is none.
    """
    return Field(
        default_factory=default,
        description="The slugs of extras of the category; see `GET /categories/{slug}`",
        schema_extra={"examples": [["oven", "fridge"]]},
    )


def picked(wanted: Iterable[str], found: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The extras of a job, in the order in which they are wanted.

    Args:
        wanted: Their slugs.
        found: The extras that the job may have, by their slugs.

    Raises:
        UnknownExtra: Some that are wanted are not among them.
    """
    slugs = list(wanted)
    if unknown := [slug for slug in slugs if slug not in found]:
        raise UnknownExtra(
            "The category of the job does not bring {extras}.",
            field="extras",
            extras=", ".join(unknown),
        )
    return [found[slug] for slug in slugs]
