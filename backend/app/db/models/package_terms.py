"""The terms of packages, and their earlier revisions."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import pydantic
from pydantic import BeforeValidator, TypeAdapter, model_validator
from sqlalchemy import Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.models.categories import Slug, slug_type
from app.db.models.fields import (
    Area,
    Currency,
    Duration,
    Input,
    LongText,
    Moment,
    Money,
    Name,
    NewCurrency,
    moment_field,
    now,
    omittable,
    whole_number,
)
from app.db.models.prices import demand_price
from app.db.models.profiles import ProfilePublic
from app.db.models.searched import Language
from app.postgres.rows import Row

MOST_IN_STOCK = 1_000_000

Stock = Annotated[
    int, pydantic.Field(strict=True, ge=0, le=MOST_IN_STOCK), BeforeValidator(whole_number)
]
"""How often a package may still be ordered."""


class PackageTerms(SQLModel):
    """The terms of a package."""

    name: Name = Field(schema_extra={"examples": ["Windows of a flat"]})
    description: LongText | None = Field(
        default=None, schema_extra={"examples": ["Up to ten windows, inside and outside."]}
    )
    price: Money = Field(sa_type=Numeric(10, 2), schema_extra={"examples": ["69.00"]})
    currency: Currency = Field(max_length=3, schema_extra={"examples": ["EUR"]})
    duration: Duration | None = Field(
        default=None, description="minutes", schema_extra={"examples": [120]}
    )
    area: Area | None = Field(
        default=None,
        description="Where the cleaner works",
        schema_extra={"examples": ["Old Town"]},
    )
    category: Slug = Field(
        foreign_key="categories.slug",
        sa_type=slug_type(),
        description="The slug of a category",
        schema_extra={"examples": ["window-cleaning"]},
    )


TERMS = TypeAdapter(PackageTerms)


class PackageRevision(Row, table=True):
    """An earlier revision of the terms of a package."""

    __tablename__ = "package_revisions"

    package_id: UUID = Field(primary_key=True, foreign_key="packages.id")
    revision: int = Field(primary_key=True)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    editor_id: UUID = Field(foreign_key="users.id")
    created_at: datetime = moment_field(default_factory=now)


class PackageCreate(Input, PackageTerms):
    """A new package."""

    currency: NewCurrency = omittable(description="The currency of the market by default")
    language: Language = omittable(
        description="The language of the name and the description (ISO 639-1), in which they are "
        "searched. The language of the market by default",
        schema_extra={"examples": ["en"]},
    )
    stock: Stock | None = Field(
        default=None,
        description="How often the package may be ordered; null for any number. It changes by "
        "`POST …/stock` only",
        schema_extra={"examples": [10]},
    )

    @model_validator(mode="after")
    def demand_price_in_currency(self) -> Self:
        """Refuses a price that the given currency does not allow."""
        if self.currency:
            demand_price(self.price, self.currency)
        return self


class PackageUpdate(Input):
    """Changes of a package's terms; null empties a field that can be empty."""

    name: Name = omittable()
    description: LongText | None = None
    price: Money = omittable(schema_extra={"examples": ["75.00"]})
    currency: NewCurrency = omittable()
    duration: Duration | None = None
    area: Area | None = None
    category: Slug = omittable()
    language: Language = omittable(
        description="The language of the name and the description. It is not a term"
    )


class StockChange(Input):
    """A change of the stock."""

    by: Annotated[
        int,
        pydantic.Field(strict=True, ge=-MOST_IN_STOCK, le=MOST_IN_STOCK),
        BeforeValidator(whole_number),
    ] = Field(
        description="How many are added; negative if they are taken out",
        schema_extra={"examples": [5]},
    )


class PackageRevisionPublic(SQLModel):
    """An earlier revision of a package."""

    revision: int = Field(description="1 is the first revision")
    terms: PackageTerms
    edited_by: ProfilePublic = Field(description="The editor who replaced this revision")
    edited_at: Moment = Field(description="When this revision was replaced")
