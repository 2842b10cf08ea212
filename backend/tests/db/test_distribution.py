"""The tables can be spread over several machines by job, as Citus does it: docs/scaling.md."""

import pytest
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from app.db.models import metadata
from tests.db.catalog import catalog
from tests.features import FEATURES
from tests.server import TEMPLATE

KEY = "cleaning_id"
OTHER_KEYS = {"cleanings": "id", "orders": "id", "order_items": "order_id"}
"""The columns that stand in place of it. An order has the id of its job."""
SPREAD = {table for feature in FEATURES for table in feature.distributed}
"""The tables whose rows are stored with their job."""

EVERYWHERE = {"users", "categories"}
"""What all refer to is on every machine. All other tables stay together on one."""

CUT = {"fk_events_cleaning_id"}
"""The log of the whole market stays together: so it can't refer to jobs that are elsewhere."""

TABLES = pytest.mark.parametrize(
    "table", [metadata.tables[name] for name in sorted(SPREAD)], ids=str
)


def key_of(table: Table) -> str:
    """The column that says on which machine a row is."""
    return OTHER_KEYS.get(table.name, KEY)


def test_whatever_has_a_job_for_a_key_lies_with_it() -> None:
    keyed = {name for name, table in metadata.tables.items() if KEY in table.primary_key.columns}
    assert keyed | OTHER_KEYS.keys() == SPREAD


@TABLES
def test_what_is_unique_can_be_told_on_one_machine(table: Table) -> None:
    unique = [
        constraint
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ExcludeConstraint)
    ]
    assert [each.name for each in unique if key_of(table) not in each.columns] == []
    indexes = [index for index in table.indexes if index.unique]
    assert [
        each.name for each in indexes if table.c[key_of(table)] not in each.columns.values()
    ] == []


@TABLES
def test_it_refers_to_what_lies_with_it_or_is_everywhere(table: Table) -> None:
    assert [str(each.name) for each in references(table) if not stays(each)] == []


def references(table: Table) -> list[ForeignKeyConstraint]:
    """The references of a table to others."""
    return sorted(table.foreign_key_constraints, key=lambda each: str(each.name))


def stays(reference: ForeignKeyConstraint) -> bool:
    """Says whether a reference never leads to another machine."""
    target = reference.referred_table
    if target.name in EVERYWHERE:
        return True
    pairs = {(each.parent.name, each.column.name) for each in reference.elements}
    return target.name in SPREAD and (key_of(reference.table), key_of(target)) in pairs


def test_no_other_table_refers_to_it_but_the_log() -> None:
    found = {
        str(reference.name)
        for name, table in metadata.tables.items()
        if name not in SPREAD
        for reference in references(table)
        if reference.referred_table.name in SPREAD
    }
    assert found == CUT


def test_it_has_no_triggers(server: str) -> None:
    owners = {owner for kind, owner, _ in catalog(server, TEMPLATE) if kind == "triggers"}
    assert owners.isdisjoint(SPREAD | EVERYWHERE)
