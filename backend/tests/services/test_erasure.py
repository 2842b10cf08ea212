"""Accounts whose address nobody has verified in time."""

from datetime import timedelta

from app.core.clients import Client
from app.db.models.fields import now
from app.db.models.users import User
from app.services.erasure import ErasureService
from tests.factories.sessions import register
from tests.factories.users import Market, make_user
from tests.rows import get

HERE = Client(None, None, "test")


async def erase(market: Market, most: int = 100) -> int:
    """Erases those whose time is over."""
    async with market.app.state.database.write() as transaction:
        return await ErasureService(transaction, HERE).erase_never_verified(most)


class TestErasingThoseThatWereNeverVerified:
    async def test_leaves_those_that_still_have_time_or_none_to_keep(self, market: Market) -> None:
        await make_user(market)
        await make_user(market, pending_until=now() + timedelta(minutes=1))
        assert await erase(market) == 0

    async def test_frees_their_names(self, market: Market) -> None:
        user = await make_user(market, pending_until=now() - timedelta(minutes=1))
        assert await erase(market) == 1
        assert await erase(market) == 0
        response = await register(market, username=user.username, email=user.email)
        assert response.status_code == 201

    async def test_is_written_down_as_done_by_nobody(self, market: Market) -> None:
        user = await make_user(market, pending_until=now() - timedelta(minutes=1))
        await erase(market)
        async with market.app.state.database.write() as transaction:
            row = await get(transaction, User, user.id)
        assert row.deleted_at
        assert row.pending_until is None
        rows = await market.app.state.database.fetch(
            "SELECT actor_id, request_id, action FROM audit WHERE user_id = $1", [user.id]
        )
        assert [tuple(row) for row in rows] == [(None, "test", "account_deleted")]

    async def test_begins_with_those_that_have_waited_longest(self, market: Market) -> None:
        users = [
            await make_user(market, pending_until=now() - timedelta(minutes=minutes))
            for minutes in (1, 3, 2)
        ]
        assert await erase(market, 2) == 2
        rows = await market.app.state.database.fetch(
            "SELECT id FROM users WHERE pending_until IS NOT NULL", ()
        )
        assert [row["id"] for row in rows] == [users[0].id]
