"""The numbers of open jobs and published packages by category.

A change of a number is a row of `category_deltas`, which the unit of work writes with the job or
the package (`Row.followed_by`). The worker adds these rows up in `category_counts`.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Integer, Subquery, cast, func, literal_column, select, union_all

from app.db.models.categories import CategoryCount, CategoryDelta, Counted
from app.db.models.cleanings import Cleaning
from app.db.models.packages import Package
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.packages import PackageStatus
from app.db.models.users import User
from app.postgres.statements import Rows, col, inline

IN_CATEGORY = (col(Cleaning.category).is_not(None), col(Cleaning.deleted_at).is_(None))
IS_OPEN = (col(Cleaning.status) == inline(CleaningStatus.OPEN), col(Cleaning.hidden_at).is_(None))

COUNTED: Mapping[Counted, Rows] = {
    Counted.JOBS: select(col(Cleaning.category).label("category"))
    .join(User, col(User.id) == Cleaning.owner_id)
    .where(*IN_CATEGORY, *IS_OPEN, col(User.blocked_at).is_(None)),
    # Those of blocked accounts are archived.
    Counted.PACKAGES: select(col(Package.category).label("category")).where(
        col(Package.status) == inline(PackageStatus.PUBLISHED), col(Package.hidden_at).is_(None)
    ),
}
"""Selects the category of each thing that is counted: once for each thing."""


def _sums(parts: Iterable[Rows], name: str) -> Subquery:
    rows = union_all(*parts).subquery()
    sums = (cast(func.sum(rows.c[it]), Integer).label(it) for it in Counted)
    return select(rows.c.category, *sums).group_by(rows.c.category).subquery(name)


def present_numbers() -> Subquery:
    """The numbers of the things that there are, by category."""

    def numbers(counted: Counted) -> Rows:
        things = COUNTED[counted].subquery()
        ones = [literal_column(str(int(it is counted)), Integer()).label(it) for it in Counted]
        return select(things.c.category, *ones)

    return _sums(map(numbers, COUNTED), "present")


def kept_numbers(*tables: type[CategoryCount | CategoryDelta]) -> Subquery:
    """The numbers that tables of numbers and their changes amount to, by category."""
    parts = (
        select(
            col(table.category).label("category"),
            *(col(getattr(table, it)).label(it) for it in Counted),
        )
        for table in tables
    )
    return _sums(parts, "kept")
