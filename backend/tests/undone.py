"""Doing something as if it had never been done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI


class Undo(Exception):
    """Ends a transaction that is not meant to last."""


@asynccontextmanager
async def undone(app: FastAPI) -> AsyncIterator[None]:
    """Undoes what the block does to the data, in a test that works in one transaction."""
    with suppress(Undo):
        async with app.state.database.write() as transaction:
            await transaction.fetch("SELECT", ())  # a transaction begins with its first statement
            yield
            raise Undo
