"""What is deleted when its time is over."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.db.models.fields import now
from app.db.models.kinds.tasks import MailTask
from app.db.models.tasks import FAILED_FOR, Task
from app.db.repositories.housekeeping import HousekeepingRepository
from app.db.repositories.privacy import AT_ONCE
from app.postgres.rows import Row
from app.postgres.transactions import Transaction
from tests.factories.users import Market, make_user
from tests.features import collected

MOMENT = timedelta(minutes=1)


EXPIRING: dict[type[Row], Callable[[UUID, datetime], dict[str, Any]]] = collected("expiring")


@pytest.mark.parametrize("model", EXPIRING)
async def test_what_has_expired_is_deleted_and_nothing_else(
    market: Market, model: type[Row]
) -> None:
    database, users = market.app.state.database, [await make_user(market) for _ in range(2)]
    count = f"SELECT count(*) FROM {model.__tablename__}"  # noqa: S608 (our own name)
    before = (await database.fetch(count, ()))[0][0]
    moment = now()
    async with database.write() as transaction:
        for user, ended_at in zip(users, (moment - MOMENT, moment + MOMENT), strict=True):
            transaction.add(model(**EXPIRING[model](user.id, ended_at)))
    async with database.write() as transaction:
        await HousekeepingRepository(transaction).delete_expired()
    assert (await database.fetch(count, ()))[0][0] == before + 1


async def test_a_task_that_has_not_failed_is_kept(market: Market) -> None:
    database = market.app.state.database
    async with database.write() as transaction:
        transaction.add(
            Task(kind=MailTask.SEND_MAIL, payload={}, created_at=now() - 2 * FAILED_FOR)
        )
        await HousekeepingRepository(transaction).delete_expired()
    rows = await database.fetch("SELECT FROM tasks", ())
    assert len(rows) == 1


async def test_not_all_is_deleted_at_once(market: Market) -> None:
    database = market.app.state.database
    await database.fetch(
        "INSERT INTO throttles SELECT n::text::bytea, 1, now() - interval '1 hour' "
        "FROM generate_series(1, $1) AS n",
        (AT_ONCE + 1,),
    )
    deleted = [await database.run(delete_expired) for _ in range(3)]
    assert deleted == [AT_ONCE, 1, 0]


async def delete_expired(transaction: Transaction) -> int:
    return await HousekeepingRepository(transaction).delete_expired()
