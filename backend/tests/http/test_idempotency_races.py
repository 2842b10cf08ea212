"""Equal requests at once, and those that are cut off: whatever happens, each is done only once."""

import asyncio
from collections import Counter
from uuid import UUID

import pytest
from asyncpg import DeadlockDetectedError
from httpx import Response

from app.db.models.users import UserRole
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.users import Actor, Market, make_user
from tests.invariants import assert_invariants
from tests.locks import held, until_waiting
from tests.races import outcome, race
from tests.statements import recorded

pytestmark = pytest.mark.committed

TRIES, RIVALS = 10, 20
CLEANING = "SELECT FROM cleanings WHERE id = $1"
TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def key(name: object) -> dict[str, str]:
    return {"Idempotency-Key": f"key-{name}"}


async def offer(cleaner: Actor, job: Job, name: object = 1) -> Response:
    return await cleaner.post(f"{job.path}/offers", headers=key(name))


class TestEqualRequestsAtOnce:
    async def test_change_something_once_and_all_that_succeed_are_alike(
        self, market: Market
    ) -> None:
        user, draft = await make_user(market), {"name": "Oven scrub", "price": "50.00"}
        for attempt in range(TRIES):
            requests = [user.post("/cleanings", draft, headers=key(attempt)) for _ in range(RIVALS)]
            responses = await race(attempt, *requests)
            assert set(outcome(*responses)) <= {201, "idempotency_key_in_use"}
            done = [response for response in responses if response.is_success]
            again = await user.post("/cleanings", draft, headers=key(attempt))
            assert {response.content for response in done} == {again.content}
            assert Counter(r.headers.get("Idempotency-Replayed") for r in done)[None] == 1
            assert len(await user.items("/cleanings")) == attempt + 1
        await assert_invariants(market.app)

    async def test_that_differ_let_one_through(self, market: Market) -> None:
        user = await make_user(market)
        for attempt in range(TRIES):
            drafts = [{"name": f"Oven {place}", "price": "50.00"} for place in range(RIVALS)]
            requests = [user.post("/cleanings", draft, headers=key(attempt)) for draft in drafts]
            answers = Counter(outcome(*await race(attempt, *requests)))
            assert answers[201] == 1
            assert answers.keys() <= {201, "idempotency_key_in_use", "idempotency_key_reused"}

    async def test_that_are_refused_are_refused_alike(self, market: Market) -> None:
        job = await make_cleaning(market)
        for attempt in range(TRIES):
            requests = [offer(job.owner, job, attempt) for _ in range(RIVALS)]
            answers = set(outcome(*await race(attempt, *requests)))
            assert answers <= {"own_cleaning", "idempotency_key_in_use"}
            again = await offer(job.owner, job, attempt)
            assert again.json()["code"] == "own_cleaning"
            assert again.headers["Idempotency-Replayed"] == "true"

    async def test_of_two_superusers_about_each_other_wait_in_order(self, market: Market) -> None:
        async with recorded(market.app) as statements:
            for attempt in range(TRIES):
                one, other = [await make_user(market, role=UserRole.SUPERUSER) for _ in range(2)]
                responses = await race(
                    attempt,
                    *(
                        actor.post(
                            f"/admin/users/{rival.id}/block",
                            {"reason": "Spam"},
                            headers=key(attempt),
                        )
                        for actor, rival in ((one, other), (other, one))
                    ),
                )
                assert sorted(map(str, outcome(*responses))) == ["200", "unauthenticated"]
        assert not [heard for heard in statements if isinstance(heard.error, DeadlockDetectedError)]


class TestTheFirstRequest:
    async def test_while_it_runs_has_others_come_back_later(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        async with held(market, CLEANING, UUID(job.data["id"]), waiting=1):
            first = asyncio.create_task(offer(cleaner, job))
            await until_waiting(market, 1)
            early = await offer(cleaner, job)
        assert outcome(early, await first) == ["idempotency_key_in_use", 201]
        assert early.headers["Retry-After"] == "1"
        again = await offer(cleaner, job)
        assert again.content == first.result().content

    async def test_that_is_cut_off_leaves_the_key_free(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        async with held(market, CLEANING, UUID(job.data["id"]), waiting=0):
            first = asyncio.create_task(offer(cleaner, job))
            await until_waiting(market, 1)
            await market.app.state.database.fetch(TERMINATE, ())
            assert outcome(await first) == ["unavailable"]
        again = await offer(cleaner, job)
        assert again.status_code == 201
        assert "Idempotency-Replayed" not in again.headers


class TestAnAnswerThatIsGivenAgain:
    async def test_is_written_before(self, market: Market) -> None:
        job, cleaner = await make_cleaning(market), await make_user(market)
        versions = set()
        for _ in range(3):
            assert (await offer(cleaner, job)).status_code == 201
            rows = await market.app.state.database.fetch(
                "SELECT xmin::text FROM idempotency_keys", ()
            )
            versions |= {row["xmin"] for row in rows}
        assert len(versions) == 3


class TestStatements:
    async def count(self, market: Market, actor: Actor, job: Job, name: object) -> int:
        async with recorded(market.app) as heard:
            headers = key(name) if name else {}
            await actor.post(f"{job.path}/cancellation", headers=headers)
        return len(heard)

    async def test_are_none_without_a_key_and_two_with_one(self, market: Market) -> None:
        owner = await make_user(market)
        jobs = [await make_cleaning(market, owner) for _ in range(4)]
        await market.app.state.pool.close()
        await self.count(market, owner, jobs[0], "warm")
        await self.count(market, owner, jobs[1], "up")
        without, with_key, again = [
            await self.count(market, owner, job, name)
            for job, name in ((jobs[2], None), (jobs[3], "x"), (jobs[3], "x"))
        ]
        assert with_key == without + 2
        assert again == 4  # BEGIN, the caller, the claim, COMMIT
