"""PostgreSQL's plans of the statements that answer requests, and what is wrong with them."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from tests.factories.users import Actor, Market
from tests.statements import Heard, recorded

NEVER = 1e6
"""The cost of a plan for any arguments that is dearer than all plans for known ones."""

BOUNDED = {"categories", "category_counts", "heads"}
"""Tables that have a few hundred rows at the most, and may be read whole."""

MODES = ("force_custom_plan", "force_generic_plan")


def literal(value: Any) -> str:
    """Returns a value as an SQL expression; a list is one of ids."""
    if isinstance(value, list):
        return "'{" + ",".join(map(str, value)) + "}'"
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


async def explain(app: FastAPI, statement: Heard, mode: str) -> dict[str, Any]:
    """Runs a statement as the driver's prepared statements are run, and gives its plan."""
    listed = ", ".join(literal(value) for value in statement.arguments)
    arguments = f"({listed})" if listed else ""
    async with app.state.engine.connect() as connection:
        await connection.execute(text(f"SET LOCAL plan_cache_mode = {mode}"))
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute(f"PREPARE read AS {statement.sql}")
        rows = await driver.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE read{arguments}")
        await driver.execute("DEALLOCATE read")
    plan: dict[str, Any] = rows[0][0][0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All parts of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def pairs_compared(plan: dict[str, Any]) -> float:
    """How many pairs of rows the joins of a plan have compared in vain."""
    return float(
        sum(
            node["Actual Loops"] * node.get("Rows Removed by Join Filter", 0)
            for node in nodes(plan)
        )
    )


def rows_read(plan: dict[str, Any]) -> float:
    """How many rows the scans of a plan have come across."""
    return float(
        sum(
            node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
            for node in nodes(plan)
            if "Relation Name" in node
        )
    )


def faults(plan: dict[str, Any], read_at_most: int) -> list[str]:
    """What is wrong with a plan."""
    scanned = [
        f"all of {node['Relation Name']}"
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in BOUNDED
    ]
    # What is sorted comes up from below: if it is no more than may be read, it is no whole table.
    sorted_rows = [
        f"sorts {part['Actual Rows']}"
        for node in nodes(plan)
        if node["Node Type"].endswith("Sort")
        for part in node["Plans"]
        if part["Actual Rows"] > read_at_most
    ]
    rows = rows_read(plan)
    return scanned + sorted_rows + ([f"reads {rows} rows"] if rows > read_at_most else [])


async def found_faults(market: Market, caller: Actor, path: str, read_at_most: int) -> list[Any]:
    """What is wrong with the plans of the statement that answers a request."""
    async with recorded(market.app) as heard:
        response = await caller.get(path)
    assert response.status_code == 200, response.text
    assert response.json().get("items") != [], path
    read = [statement for statement in heard if statement.sql.startswith(("SELECT", "WITH"))]
    return await faults_of(market, path, read[-1], read_at_most)


async def faults_of(market: Market, name: str, statement: Heard, read_at_most: int) -> list[Any]:
    """What is wrong with the plans of a statement."""
    found = []
    for mode in MODES:
        plan = await explain(market.app, statement, mode)
        if plan["Total Cost"] > NEVER:
            assert mode == "force_generic_plan"
            continue
        found += [(name, mode, fault) for fault in faults(plan, read_at_most)]
    return found
