"""What is deleted when its time is over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.db.models.fields import now
from app.db.models.freed_usernames import FreedUsername
from app.db.models.idempotency_keys import IdempotencyKey
from app.db.models.kinds.tasks import MailTask
from app.db.models.known_devices import KnownDevice
from app.db.models.links import Link, LinkPurpose
from app.db.models.sessions import REMEMBERED_FOR, KnownAddress, Session
from app.db.models.tasks import FAILED_FOR, Task
from app.db.models.throttles import Throttle
from app.db.repositories.housekeeping import HousekeepingRepository
from app.db.repositories.privacy import AT_ONCE
from app.postgres.rows import Row
from app.postgres.transactions import Transaction
from tests.factories.users import Market, make_user

MOMENT = timedelta(minutes=1)


def row_of(model: type[Row], user_id: Any, ended_at: datetime) -> Row:
    """A row whose time is over at some moment."""
    rows: dict[type[Row], dict[str, Any]] = {
        FreedUsername: {
            "name_hash": str(ended_at).encode(),
            "user_id": user_id,
            "ends_at": ended_at,
        },
        IdempotencyKey: {
            "hash": str(ended_at).encode(),
            "used_at": ended_at,
            "expires_at": ended_at,
        },
        Task: {"kind": MailTask.SEND_MAIL, "payload": {}, "failed_at": ended_at - FAILED_FOR},
        KnownAddress: {
            "user_id": user_id,
            "address_hash": str(ended_at).encode(),
            "used_at": ended_at - REMEMBERED_FOR,
        },
        KnownDevice: {
            "user_id": user_id,
            "device_hash": str(ended_at).encode(),
            "used_at": ended_at - REMEMBERED_FOR,
        },
        Link: {
            "user_id": user_id,
            "purpose": LinkPurpose.VERIFY_EMAIL,
            "email": "anna@example.com",
            "expires_at": ended_at,
        },
        Session: {
            "user_id": user_id,
            "created_at": ended_at,
            "authenticated_at": ended_at,
            "second_factor": False,
            "refreshed_at": ended_at,
            "expires_at": ended_at,
        },
        Throttle: {"key": str(ended_at).encode(), "count": 1, "resets_at": ended_at},
    }
    return model(**rows[model])


@pytest.mark.parametrize(
    "model",
    [FreedUsername, IdempotencyKey, Task, KnownAddress, KnownDevice, Link, Session, Throttle],
)
async def test_what_has_expired_is_deleted_and_nothing_else(
    market: Market, model: type[Row]
) -> None:
    database, user = market.app.state.database, await make_user(market)
    count = f"SELECT count(*) FROM {model.__tablename__}"  # noqa: S608 (our own name)
    before = (await database.fetch(count, ()))[0][0]
    moment = now()
    async with database.write() as transaction:
        for ended_at in (moment - MOMENT, moment + MOMENT):
            transaction.add(row_of(model, user.id, ended_at))
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
