"""The last position of the stream, which requests wait for."""

import asyncio

import pytest

from app.http import streaming
from app.http.stream_head import INTERVAL
from tests.events import listening_to
from tests.factories.users import Market, make_user
from tests.sockets import listening
from tests.statements import recorded


@pytest.mark.committed
async def test_is_asked_for_once_for_streams_and_followers(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(market.app.state.streams, "longest", streaming.LONGEST)
    user = await make_user(market)
    headers = {"Authorization": f"Bearer {user.token}"}
    async with (
        listening(market.app) as port,
        listening_to(f"http://127.0.0.1:{port}/api/v1/notifications/stream", headers),
    ):
        end = (await user.get("/feed/cleanings?after=0")).json()["position"]
        follower = asyncio.create_task(user.get(f"/feed/cleanings?after={end}&wait=5"))
        await asyncio.sleep(5 * INTERVAL)
        async with recorded(market.app) as statements:
            await asyncio.sleep(10 * INTERVAL)
        assert not follower.done()
        follower.cancel()
    assert 1 <= len(statements) <= 11
