"""How many statements a notice takes: never more for more notices."""

import pytest
from fastapi import FastAPI

from tests.factories.cleanings import make_cleaning
from tests.factories.public_notices import give_notice
from tests.factories.users import Market
from tests.statements import recorded

pytestmark = pytest.mark.committed


@pytest.fixture(autouse=True)
async def one_connection(app: FastAPI) -> None:
    """Begins with an empty pool: what the driver asks once per connection is soon asked."""
    await app.state.pool.close()


async def test_takes_as_many_however_many_there_are(market: Market) -> None:
    path = (await make_cleaning(market)).path
    await give_notice(market, path)
    taken = []
    for number in range(5):
        async with recorded(market.app) as heard:
            response = await give_notice(market, path, email=f"nora{number}@example.com")
        assert response.status_code == 201
        taken.append(len(heard))
    assert taken == [10] * 5
