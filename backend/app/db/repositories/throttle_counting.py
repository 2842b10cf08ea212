"""The statements that count attempts."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    TableValuedAlias,
    and_,
    case,
    extract,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from app.db.models.throttles import Throttle
from app.postgres.statements import Statement, argument, col

ONE: ColumnElement[int] = literal_column("1")
IS_OVER = col(Throttle.resets_at) <= func.now()
"""Whether the window of a counter is over."""


def _given(column: str, values: ColumnElement[Any]) -> TableValuedAlias:
    """The keys of counters, each with a value."""
    given = func.unnest(argument("keys", ARRAY(LargeBinary())), values)
    return given.table_valued("key", column, name="given").render_derived()


def counting() -> Statement:
    """Counts attempts, each in the present window of its counter."""
    given = _given("seconds", argument("windows", ARRAY(Integer())))
    until = func.now() + func.make_interval(0, 0, 0, 0, 0, 0, given.c.seconds)
    # In the order of the keys, which prevents deadlocks.
    counted = select(given.c.key, ONE, until).order_by(given.c.key)
    counting = insert(Throttle).from_select(["key", "count", "resets_at"], counted)
    return Statement(
        _added(counting).returning(
            col(Throttle.key),
            col(Throttle.count),
            col(Throttle.resets_at),
            extract("epoch", col(Throttle.resets_at) - func.now()).label("seconds"),
        )
    )


def giving_back() -> Statement:
    """Removes attempts from the windows that they were counted in, but not from later ones."""
    given = _given("resets_at", argument("ends", ARRAY(DateTime(timezone=True))))
    counted = (
        select(col(Throttle.key))
        .join(
            given,
            and_(given.c.key == Throttle.key, given.c.resets_at == Throttle.resets_at),
        )
        .order_by(col(Throttle.key))
        .with_for_update(of=Throttle)
    )
    return Statement(
        update(Throttle)
        .where(col(Throttle.key).in_(counted))
        .values(count=col(Throttle.count) - ONE)
    )


def counting_within(ending: str) -> Insert:
    """Counts one attempt, unless that exceeds its limit: then no row is written."""
    window = argument(f"window{ending}", Integer())
    counting = insert(Throttle).values(
        key=argument(f"key{ending}", LargeBinary()),
        count=ONE,
        resets_at=func.now() + window * literal_column("interval '1 second'"),
    )
    return _added(
        counting, where=or_(IS_OVER, col(Throttle.count) < argument(f"most{ending}", Integer()))
    )


def _added(counting: Insert, where: ColumnElement[bool] | None = None) -> Insert:
    """Adds attempts to the counters that exist. If its window is over, a counter begins anew."""
    return counting.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((IS_OVER, ONE), else_=col(Throttle.count) + ONE),
            "resets_at": case((IS_OVER, counting.excluded.resets_at), else_=Throttle.resets_at),
        },
        where=where,
    )
