"""Checklists: the items that a category brings, and their copies on bookings."""

from typing import Annotated, Any

from pydantic import StrictBool
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    String,
    Text,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, NotFound
from app.db.models.categories import BY_TAG, LONGEST_SLUG, SLUG, LanguageTag, Slug
from app.db.models.fields import Input, Moment, line
from app.db.models.inheritance import PLACED, Position, inherited
from app.postgres.rows import Row

MOST_ITEMS = 50
"""The largest number of items that a category brings itself."""

ItemText = Annotated[str, line(200)]


class ChecklistItemNotFound(NotFound):
    code = "checklist_item_not_found"
    detail = "The checklist has no such item."


class TooManyItems(Conflict):
    code = "too_many_items"
    detail = f"The checklist of a category has at most {MOST_ITEMS} items of its own."


class ChecklistItem(Row, table=True):
    """An item that a category brings for its bookings and those of all categories beneath it."""

    __tablename__ = "checklist_items"
    __table_args__ = (
        CheckConstraint(f"code ~ '{SLUG}'", name="code"),
        CheckConstraint("position > 0", name="position"),
    )

    category: str = Field(
        primary_key=True,
        foreign_key="categories.slug",
        ondelete="CASCADE",
        sa_type=String(LONGEST_SLUG, collation="C"),
    )
    code: str = Field(primary_key=True, sa_type=String(LONGEST_SLUG, collation="C"))
    position: int
    text: str
    texts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class ItemBase(SQLModel):
    """The fields of an item that staff sets and all see."""

    text: ItemText = Field(
        description="Its text in all languages that `texts` does not have",
        schema_extra={"examples": ["Vacuum and mop all floors"]},
    )
    texts: Annotated[dict[LanguageTag, ItemText], BY_TAG] = Field(
        default_factory=dict,
        description="By language (BCP 47), where it differs from `text`",
        schema_extra={"examples": [{"de": "Alle Böden saugen und wischen"}]},
    )


class ItemDraft(Input, ItemBase):
    """An item that the checklist of a category is to have."""

    position: Position | None = Field(default=None, description=PLACED)


class ItemNode(Input):
    """An item of a checklist in a file of categories."""

    code: Slug
    text: ItemText
    texts: dict[LanguageTag, ItemText] = Field(default_factory=dict)


class ItemPublic(ItemBase):
    """An item of the checklist of a category, its own or inherited."""

    code: Slug = Field(schema_extra={"examples": ["floors"]})
    category: Slug = Field(description="The category that brings it")


class BookedItem(SQLModel):
    """An item of the checklist of a booking, copied from the category at the acceptance."""

    number: int = Field(description="The place in the list: 1 is the first")
    code: str = Field(
        description="The permanent name of the item, for programs",
        schema_extra={"examples": ["floors"]},
    )
    text: str = Field(schema_extra={"examples": ["Vacuum and mop all floors"]})
    done_at: Moment | None = Field(description="When the cleaner ticked it off")


class Tick(Input):
    """The state of an item of a checklist."""

    done: StrictBool = Field(
        description="Whether the item is done", schema_extra={"examples": [True]}
    )


def copied_checklist(terms: ColumnElement[Any], language: ColumnElement[Any]) -> ColumnElement[Any]:
    """The checklist of a new booking as JSON, for the statement that inserts the booking.

    The items come from the category of the job and those above it, the general ones first.

    Args:
        terms: The terms of the booking.
        language: Their language. Items without a text in it are in that of the market.
    """
    category = terms.op("->>", return_type=Text())(literal_column("'category'"))
    items = inherited(ChecklistItem, ChecklistItem.code, category).subquery()
    place = func.row_number().over(order_by=(items.c.tier, items.c.position, items.c.code))
    words = func.coalesce(items.c.texts.op("->>", return_type=Text())(language), items.c.text)
    numbered = select(place.label("number"), items.c.code, words.label("text")).subquery()
    fields = {"number": numbered.c.number, "code": numbered.c.code, "text": numbered.c.text}
    item = func.jsonb_build_object(
        *(part for name, value in fields.items() for part in (literal_column(f"'{name}'"), value)),
        *(literal_column("'done_at'"), null()),
    )
    in_order = func.jsonb_agg(aggregate_order_by(item, numbered.c.number))
    return select(func.coalesce(in_order, literal_column("'[]'::jsonb"))).scalar_subquery()
