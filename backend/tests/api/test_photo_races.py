"""Photos: many requests at once, each on a connection of its own."""

import asyncio

import pytest

from tests.factories.cleanings import make_cleaning
from tests.factories.uploads import make_upload, process
from tests.factories.users import Market, make_user
from tests.races import outcome, race

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]
TRIES = 10


async def test_one_upload_at_two_jobs_is_shown_by_one(market: Market) -> None:
    owner = await make_user(market)
    one, two = [await make_cleaning(market, owner) for _ in range(2)]
    for attempt in range(TRIES):
        wanted = {"uploads": [await make_upload(owner)]}
        responses = await race(
            attempt, *(owner.put(f"{job.path}/photos", wanted) for job in (one, two))
        )
        assert sorted(map(str, outcome(*responses))) == ["200", "upload_attached"]


async def test_two_orders_of_the_same_photos_leave_one(market: Market) -> None:
    job = await make_cleaning(market)
    ids = [await make_upload(job.owner) for _ in range(3)]
    path = f"{job.path}/photos"
    for attempt in range(TRIES):
        bodies = [{"uploads": ids}, {"uploads": ids[::-1]}]
        responses = await race(attempt, *(job.owner.put(path, body) for body in bodies))
        assert outcome(*responses) == [200, 200]
        found = [it["id"] for it in (await job.owner.get(path)).json()["uploads"]]
        assert found in (ids, ids[::-1])


async def test_changed_while_they_are_processed_are_shown_as_they_are(market: Market) -> None:
    job = await make_cleaning(market)
    for attempt in range(TRIES):
        kept, gone = [await make_upload(job.owner) for _ in range(2)]
        await job.owner.put(f"{job.path}/photos", {"uploads": [gone, kept]})
        change = (
            job.owner.delete(f"/uploads/{gone}")
            if attempt % 2
            else job.owner.put(f"{job.path}/photos", {"uploads": [kept]})
        )
        response, _ = await asyncio.gather(change, process(market))
        assert response.is_success
        data = (await job.owner.get(job.path)).json()
        assert [photo["id"] for photo in data["photos"]] == [kept]


async def test_uploads_of_an_account_that_is_deleted_meanwhile_are_gone(market: Market) -> None:
    for attempt in range(TRIES):
        user = await make_user(market)
        upload_id = await make_upload(user)
        responses = await race(
            attempt,
            user.put("/profiles/me/picture", {"upload": upload_id}),
            user.delete("/users/me"),
        )
        assert outcome(responses[1]) == [204]
        await process(market)
    assert await market.app.state.database.fetch("SELECT FROM uploads", ()) == []
