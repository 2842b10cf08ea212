"""Races about messages: many requests at once, each on a connection of its own."""

from collections import Counter
from uuid import uuid4

import pytest

from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message
from tests.factories.offers import make_offer
from tests.factories.threads import thread_of
from tests.factories.uploads import make_upload
from tests.factories.users import Market, make_user
from tests.races import TRIES, outcome, race

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]
TEXT = {"text": "Is there a lift?"}
FEW_TRIES = TRIES // 5


class TestSending:
    async def test_and_reading_at_once_stay_exact(self, market: Market) -> None:
        offer = await make_offer(market)
        path, sides = thread_of(offer), (offer.owner, offer.cleaner)
        for attempt in range(10):
            sends = [sides[n % 2].post(f"{path}/messages", TEXT) for n in range(30)]
            reads = [
                sides[n % 2].put(f"{path}/read-mark", {"number": attempt * 30 + 3 * n})
                for n in range(10)
            ]
            responses = await race(attempt, *sends, *reads)
            assert Counter(outcome(*responses)) == {201: 30, 200: 10}
        numbers = [it["number"] for it in await offer.owner.items(f"{path}/messages", limit=100)]
        assert numbers == list(range(300, 0, -1))
        for side in sides:
            shown = (await side.put(f"{path}/read-mark", {"number": 300})).json()
            assert (shown["read_mark"], shown["unread"]) == (300, 0)

    async def test_the_first_ones_at_once(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            offer = await make_offer(market)
            path = f"{thread_of(offer)}/messages"
            responses = await race(
                attempt, *(side.post(path, TEXT) for side in (offer.owner, offer.cleaner))
            )
            assert {it.json()["number"] for it in responses} == {1, 2}

    async def test_under_one_id_at_once_sends_one(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            offer = await make_offer(market)
            draft = TEXT | {"client_id": str(uuid4())}
            path = f"{thread_of(offer)}/messages"
            responses = await race(attempt, *(offer.cleaner.post(path, draft) for _ in range(3)))
            assert [it.status_code for it in responses] == [201] * 3
            assert {it.json()["number"] for it in responses} == {1}

    async def test_one_upload_at_once_in_two_threads_and_at_a_job_is_taken_by_one(
        self, market: Market
    ) -> None:
        cleaner = await make_user(market)
        offers = [await make_offer(market, cleaner=cleaner) for _ in range(2)]
        paths = [f"{thread_of(offer)}/messages" for offer in offers]
        for attempt in range(FEW_TRIES):
            job, upload = await make_cleaning(market, cleaner), await make_upload(cleaner)
            draft = TEXT | {"photos": [upload]}
            responses = await race(
                attempt,
                *(cleaner.post(path, draft) for path in paths),
                cleaner.put(f"{job.path}/photos", {"uploads": [upload]}),
            )
            assert sorted(map(str, outcome(*responses)))[1:] == ["upload_attached"] * 2

    @pytest.mark.parametrize("end", ["rejection", "withdrawal"])
    async def test_against_the_end_of_the_offer(self, market: Market, end: str) -> None:
        for attempt in range(FEW_TRIES):
            offer = await make_offer(market)
            ender = offer.owner if end == "rejection" else offer.cleaner
            responses = await race(
                attempt,
                ender.post(f"{offer.path}/{end}"),
                offer.cleaner.post(f"{thread_of(offer)}/messages", TEXT),
            )
            assert outcome(*responses) in ([200, 201], [200, "thread_closed"])

    async def test_against_the_deletion_of_both_accounts(self, market: Market) -> None:
        for attempt in range(FEW_TRIES):
            message = await make_message(market)
            offer = message.offer
            responses = await race(
                attempt,
                offer.owner.delete("/users/me"),
                offer.cleaner.delete("/users/me"),
                offer.cleaner.post(f"{message.thread}/messages", TEXT),
                offer.owner.put(f"{message.thread}/read-mark", {"number": 1}),
            )
            assert outcome(*responses[:2]) == [204, 204]


class TestEditing:
    async def test_the_same_version_happens_once(self, market: Market) -> None:
        message = await make_message(market)
        for attempt in range(FEW_TRIES):
            version = {"If-Match": (await message.sender.get(message.path)).headers["ETag"]}
            edits = (
                message.sender.patch(
                    message.path, {"text": f"No. {attempt} or {number}?"}, headers=version
                )
                for number in range(2)
            )
            responses = await race(attempt, *edits)
            assert Counter(outcome(*responses)) == {200: 1, "precondition_failed": 1}
