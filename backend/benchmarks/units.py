"""The unit of work beside SQLAlchemy's AsyncSession, without HTTP."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import registry

from app.core.database import DatabaseSettings
from app.core.lifecycle import connected as pool_of
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event
from app.db.models.fields import new_id, now
from app.db.models.kinds.cleanings import CleaningEvent
from app.postgres.database import Database
from app.postgres.statements import argument, col
from app.postgres.tables import RowQuery
from benchmarks.data import Market, people, rewind
from benchmarks.databases import connected
from benchmarks.report import Row

TIMES = 300
ROUNDS = 7

LOCK = RowQuery(
    select(Cleaning)
    .where(col(Cleaning.id) == argument("cleaning_id", Uuid()))
    .with_for_update(key_share=True)
)


class Job:
    """A job, mapped by SQLAlchemy alone."""


class Happening:
    """An event, mapped by SQLAlchemy alone."""

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)


def event_of(cleaning_id: UUID, actor_id: UUID) -> dict[str, Any]:
    """The values of an event."""
    return {
        "id": new_id(),
        "actor_id": actor_id,
        "subject": "cleaning",
        "subject_id": cleaning_id,
        "kind": CleaningEvent.EDITED,
        "cleaning_id": cleaning_id,
        "payload": {"price": str(Decimal(50))},
        "created_at": now(),
    }


async def unit_of_work(market: Market) -> Iterable[Row]:
    """CPU time of a unit that locks a job, changes it, and records an event, as a table."""
    async with connected(market.url) as connection:
        cleaning_id = await connection.fetchval("SELECT id FROM cleanings LIMIT 1")
        actor_id = (await people(connection))[0].id
    async with _ours(market) as ours, _sessions(market) as sessions:

        async def with_transaction() -> None:
            async with ours.write() as transaction:
                job = await transaction.one(LOCK, cleaning_id=cleaning_id)
                if job:
                    job.touch()
                transaction.add(Event(**event_of(cleaning_id, actor_id)))

        async def with_session() -> None:
            async with sessions.begin() as session:
                found = select(Job).filter_by(id=cleaning_id).with_for_update(key_share=True)
                job: Any = (await session.scalars(found)).one()
                job.version += 1
                job.updated_at = now()
                session.add(Happening(**event_of(cleaning_id, actor_id)))

        units = [await _microseconds(work) for work in (with_transaction, with_session)]
    await rewind(market)
    return [
        ("CPU of a unit of work, µs", "`Transaction`", "`AsyncSession`"),
        ("locks a job, changes it, records an event", *(f"{unit:.0f}" for unit in units)),
    ]


async def _microseconds(work: Callable[[], Awaitable[None]]) -> float:
    measured = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(TIMES):
            await work()
        measured.append((time.process_time() - begun) / TIMES * 1e6)
    return min(measured)  # what other programs disturb, they only make longer


@asynccontextmanager
async def _ours(market: Market) -> AsyncIterator[Database]:
    settings = DatabaseSettings(environment="development", database_url=market.url)
    async with pool_of(settings) as pool:
        yield Database(pool)


@asynccontextmanager
async def _sessions(market: Market) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    mapped = registry()
    for plain, model in ((Job, Cleaning), (Happening, Event)):
        table: Any = model
        mapped.map_imperatively(plain, table.__table__)
    engine = create_async_engine(market.url.replace("postgresql://", "postgresql+asyncpg://"))
    yield async_sessionmaker(engine, expire_on_commit=False)
    await engine.dispose()
