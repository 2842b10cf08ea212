"""Invariants of the data after any operation."""

from fastapi import FastAPI

from app.db.doctor.examination import examine


async def broken(app: FastAPI) -> dict[str, list[str]]:
    """The promises of the whole database that are not kept, and what breaks each."""
    findings = [finding async for finding in examine(app.state.database)]
    return {it.check.name: it.examples for it in findings if not it.holds}


async def assert_invariants(app: FastAPI) -> None:
    """Looks for rows that break a promise."""
    found = await broken(app)
    assert found == {}, found
