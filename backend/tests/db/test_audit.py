"""The audit: what is written down stays as it is."""

import pytest
from asyncpg import RestrictViolationError

from tests.factories.sessions import log_in, make_member
from tests.factories.users import Market


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET network = ''",
        "DELETE FROM audit",
        "INSERT INTO audit TABLE audit ON CONFLICT (id) DO UPDATE SET network = ''",
    ],
)
async def test_not_even_the_service_can_change_it(market: Market, change: str) -> None:
    member = await make_member(market)
    await log_in(market, member.username)
    async with market.app.state.pool.connection() as connection:
        with pytest.raises(RestrictViolationError):
            await connection.execute(change)
