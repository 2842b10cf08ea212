"""The filter of lists by category, which includes all categories beneath it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    String,
    Text,
    any_,
    cast,
    column,
    func,
    or_,
    select,
    true,
    values,
)

from app.db.models.categories import Category
from app.db.repositories.pages import PageShape, part
from app.postgres.statements import Rows, col, inline, optional, unseen

CATEGORY, STATUS = optional("category", Text()), optional("status", Text())


def _beneath() -> Any:
    """The slugs of a category and of all beneath it."""
    is_top = unseen(col(Category.slug) == CATEGORY)
    top = select(col(Category.id), col(Category.slug)).where(is_top)
    above = top.cte("beneath", recursive=True)
    children = select(col(Category.id), col(Category.slug))
    return above.union_all(children.join(above, col(Category.parent_id) == above.c.id))


BENEATH = _beneath()
SLUGS = select(func.array_agg(BENEATH.c.slug)).scalar_subquery()


def is_beneath(rows: Any) -> ColumnElement[bool]:
    """The condition that rows are in the category or beneath it: evaluated per row."""
    # The cast makes it an array: without it, the subquery would be compared with row by row.
    condition: ColumnElement[bool] = rows.category == any_(cast(SLUGS, ARRAY(Text())))
    return condition


def first_of_each(
    rows: Rows,
    table: FromClause,
    statuses: Sequence[str],
    keys: Sequence[ColumnElement[Any]],
    shape: PageShape,
    *,
    descending: bool,
) -> FromClause:
    """The first rows of each category beneath one, of which a page is then made.

    Each category and each state is read in the order of an index, as far as a page goes. So what is
    read grows with the number of categories, and not with that of the rows in them. The planner
    sees no arguments here: to plan the statement for each of them would take longer than to run it.

    Args:
        rows: Selects the rows of the table with all other conditions.
        table: The table. It has an index by category, status and the keys.
        statuses: The states; those that are not asked for are left out.
        keys: The sort keys.
        shape: The shape of the requests.
        descending: Whether the order is descending.
    """
    states = values(column("status", String()), name="states", literal_binds=True)
    states = states.data([(it,) for it in statuses])
    each = part(
        rows.where(table.c.category == BENEATH.c.slug, table.c.status == states.c.status),
        keys,
        shape,
        descending=descending,
        by_index=True,
        planned_once=True,
    ).lateral("first_of_each")
    wanted = unseen(or_(STATUS.is_(None), states.c.status == STATUS))
    first = select(*each.c).select_from(BENEATH.join(states, wanted).join(each, true()))
    # Only the rows of the page are joined with others.
    columns = [each.c[str(key.key)] for key in keys]
    order = [key.desc() for key in columns] if descending else columns
    return first.order_by(*order).limit(inline(shape.limit + 1)).subquery("in_categories")
