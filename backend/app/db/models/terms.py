"""The terms of jobs, and their earlier revisions."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import TypeAdapter, model_validator
from sqlalchemy import ColumnElement, Index, Numeric, literal_column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.models.categories import Slug, category_field
from app.db.models.extras import PickedExtra, Picks, picks_field
from app.db.models.fields import (
    Address,
    Area,
    Currency,
    Duration,
    Input,
    LongText,
    Moment,
    Money,
    Name,
    NewCurrency,
    choice,
    moment_field,
    now,
    omittable,
)
from app.db.models.prices import demand_price
from app.db.models.profiles import ProfilePublic
from app.db.models.searched import Language
from app.postgres.rows import Row


class CleaningType(StrEnum):
    DUST_UP = "dust_up"
    SPOT_CLEAN = "spot_clean"
    FULL_CLEAN = "full_clean"


class CleaningBase(SQLModel):
    """The terms of a job that have the same form in the table, in requests and in answers."""

    name: Name = Field(schema_extra={"examples": ["Oven scrub"]})
    description: LongText | None = Field(
        default=None, schema_extra={"examples": ["Two ovens, both well used."]}
    )
    cleaning_type: CleaningType = Field(
        default=CleaningType.SPOT_CLEAN,
        sa_type=choice(CleaningType, "cleaning_type"),
        sa_column_kwargs={"server_default": CleaningType.SPOT_CLEAN},
    )
    price: Money = Field(sa_type=Numeric(10, 2), schema_extra={"examples": ["49.90"]})
    currency: Currency = Field(max_length=3, schema_extra={"examples": ["EUR"]})
    starts_at: Moment | None = moment_field(
        default=None, schema_extra={"examples": ["2030-05-17T09:00:00Z"]}
    )
    duration: Duration | None = Field(
        default=None, description="minutes", schema_extra={"examples": [90]}
    )
    area: Area | None = Field(default=None, schema_extra={"examples": ["Old Town"]})
    address: Address | None = Field(
        default=None,
        description="Shown to the owner and to the booked cleaner only",
        schema_extra={"examples": ["3 Mill Lane"]},
    )
    category: Slug | None = category_field()


class CleaningTerms(CleaningBase):
    """The terms of a job."""

    extras: list[PickedExtra] = Field(
        description="Included in the price. Each is a copy of what the category suggested"
    )


TERMS = TypeAdapter(CleaningBase)

LATER_TERMS: Mapping[str, Any] = {"category": None, "extras": []}
"""The fields that terms of earlier releases lack, with the values that they are read as."""
TERMS_DUE = f"NOT terms ?& ARRAY[{', '.join(map(repr, LATER_TERMS))}]"
"""The condition of stored terms that lack some of these fields."""


def complete(terms: ColumnElement[Any]) -> ColumnElement[Any]:
    """Stored terms as JSON, with the fields that terms written by an earlier release lack."""
    added: ColumnElement[Any] = literal_column(f"'{json.dumps(LATER_TERMS)}'::jsonb", JSONB)
    return added.op("||", return_type=JSONB())(terms)


class CleaningRevision(Row, table=True):
    """An earlier revision of the terms of a job."""

    __tablename__ = "cleaning_revisions"
    __table_args__ = (
        Index(  # the revisions whose terms lack fields
            "ix_cleaning_revisions_terms_due",
            "cleaning_id",
            "revision",
            postgresql_where=text(TERMS_DUE),
        ),
    )

    cleaning_id: UUID = Field(primary_key=True, foreign_key="cleanings.id")
    revision: int = Field(primary_key=True)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    editor_id: UUID = Field(foreign_key="users.id")
    created_at: datetime = moment_field(default_factory=now)


class CleaningCreate(Input, CleaningBase):
    """A new job."""

    currency: NewCurrency = omittable(description="The currency of the market by default")
    extras: Picks = picks_field(list)
    language: Language = omittable(
        description="The language of the name and the description (ISO 639-1), in which they are "
        "searched. The language of the market by default",
        schema_extra={"examples": ["en"]},
    )

    @model_validator(mode="after")
    def demand_price_in_currency(self) -> Self:
        """Refuses a price that the given currency does not allow."""
        if self.currency:
            demand_price(self.price, self.currency)
        return self


class CleaningUpdate(Input):
    """Changes of a job's terms; null empties a field that can be empty."""

    name: Name = omittable()
    description: LongText | None = None
    cleaning_type: CleaningType = omittable()
    price: Money = omittable(schema_extra={"examples": ["54.90"]})
    currency: NewCurrency = omittable()
    starts_at: Moment | None = None
    duration: Duration | None = None
    area: Area | None = None
    address: Address | None = None
    category: Slug | None = None
    extras: Picks = picks_field(lambda: None)
    language: Language = omittable(
        description="The language of the name and the description. It is not a term: offers do "
        "not become outdated by its change"
    )


class CleaningRevisionPublic(SQLModel):
    """An earlier revision of a job."""

    revision: int = Field(description="1 is the first revision")
    terms: CleaningTerms
    edited_by: ProfilePublic = Field(description="The editor who replaced this revision")
    edited_at: Moment = Field(description="When this revision was replaced")
