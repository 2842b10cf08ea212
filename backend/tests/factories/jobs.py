"""Background jobs, and what has become of them."""

from typing import Any

from fastapi import FastAPI

from app.db.models.jobs import JobKind
from app.db.repositories.jobs import JobRepository

LETTER = {"recipient": "anna@example.com", "subject": "Hello", "body": "Dear Anna\n"}


async def enqueue(app: FastAPI, payload: dict[str, Any] = LETTER) -> None:
    """Leaves a mail to be sent."""
    async with app.state.database.write() as transaction:
        JobRepository(transaction).enqueue(JobKind.SEND_MAIL, payload)


async def kept(app: FastAPI) -> list[dict[str, Any]]:
    """The jobs that are not done."""
    return [dict(row) for row in await app.state.database.fetch("SELECT * FROM jobs", ())]


async def make_due(app: FastAPI) -> None:
    """Has the time pass that all jobs wait for."""
    await app.state.database.fetch("UPDATE jobs SET due_at = created_at", ())
