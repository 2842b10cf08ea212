"""The numbers of open jobs by category."""

import asyncio

import pytest

from app.db.models.users import UserRole
from app.db.repositories.category_counts import CategoryCountRepository
from app.postgres.transactions import Transaction
from app.worker.clock import Clock
from tests.factories.bookings import make_booking
from tests.factories.categories import add_up, make_category, tree
from tests.factories.cleanings import Job, date_back, make_cleaning
from tests.factories.extras import bring_extra
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user
from tests.invariants import assert_invariants
from tests.races import TRIES, outcome, race
from tests.stories import GROUNDS


async def open_jobs(market: Market) -> dict[str, int]:
    """The numbers that everyone sees, once the worker has added them up."""
    await assert_invariants(market.app)
    await add_up(market)
    await assert_invariants(market.app)
    return {slug: category["open_jobs"] for slug, category in (await tree(market)).items()}


async def make_superuser(market: Market) -> Actor:
    """A superuser."""
    return await make_user(market, role=UserRole.SUPERUSER)


@pytest.fixture
async def job(market: Market) -> Job:
    """A job in a category beneath another one."""
    await make_category(market, slug="home")
    await make_category(market, slug="windows", parent="home")
    return await make_cleaning(market, category="windows")


class TestAJob:
    @pytest.mark.usefixtures("job")
    async def test_counts_in_its_category_and_those_above(self, market: Market) -> None:
        await make_cleaning(market, category="home")
        await make_cleaning(market)
        assert await open_jobs(market) == {"home": 2, "windows": 1}

    async def test_counts_where_it_is_now(self, market: Market, job: Job) -> None:
        await job.owner.patch(job.path, {"category": "home"})
        assert await open_jobs(market) == {"home": 1, "windows": 0}
        await job.owner.patch(job.path, {"category": None, "name": "Oven"})
        assert await open_jobs(market) == {"home": 0, "windows": 0}

    @pytest.mark.usefixtures("job")
    async def test_counts_where_its_category_is_now(self, market: Market) -> None:
        staff = await make_superuser(market)
        await staff.patch("/admin/categories/windows", {"parent": None})
        assert await open_jobs(market) == {"home": 0, "windows": 1}

    async def test_counts_while_it_is_open(self, market: Market, job: Job) -> None:
        booking = await make_booking(market, await make_offer(market, job))
        assert (await open_jobs(market))["home"] == 0
        await booking.cleaner.post(f"{booking.path}/cancellation")
        assert (await open_jobs(market))["home"] == 1
        await job.owner.post(f"{job.path}/cancellation")
        assert (await open_jobs(market))["home"] == 0

    async def test_does_not_count_while_it_is_expired(self, market: Market, job: Job) -> None:
        await date_back(market, job)
        await Clock(market.app.state.database).tick()
        assert (await open_jobs(market))["home"] == 0
        await job.owner.patch(job.path, {"starts_at": "2100-05-17T09:00:00Z"})
        assert (await open_jobs(market))["home"] == 1

    async def test_does_not_count_once_it_is_deleted(self, market: Market, job: Job) -> None:
        await job.owner.delete(job.path)
        assert (await open_jobs(market))["home"] == 0

    async def test_does_not_count_while_it_is_hidden(self, market: Market, job: Job) -> None:
        staff, path = await make_superuser(market), f"/admin{job.path}/hiding"
        for _ in range(2):
            await staff.post(path, GROUNDS)
            assert (await open_jobs(market))["home"] == 0
        await staff.delete(path)
        assert (await open_jobs(market))["home"] == 1

    async def test_does_not_count_when_its_owner_is_gone(self, market: Market, job: Job) -> None:
        await job.owner.delete("/users/me")
        assert (await open_jobs(market))["home"] == 0


class TestABlockedOwner:
    async def test_has_no_job_that_counts(self, market: Market, job: Job) -> None:
        await make_cleaning(market, job.owner, category="home")
        staff, path = await make_superuser(market), f"/admin/users/{job.owner.id}/block"
        for _ in range(2):
            await staff.post(path, GROUNDS)
            assert await open_jobs(market) == {"home": 0, "windows": 0}
        for _ in range(2):
            await staff.delete(path)
            assert await open_jobs(market) == {"home": 2, "windows": 1}

    async def test_has_jobs_that_others_change(self, market: Market, job: Job) -> None:
        booking = await make_booking(market, await make_offer(market, job))
        hidden = await make_cleaning(market, job.owner, category="home")
        expired = await make_cleaning(market, job.owner, category="home")
        staff, path = await make_superuser(market), f"/admin/users/{job.owner.id}/block"
        await staff.post(path, GROUNDS)
        await booking.cleaner.post(f"{booking.path}/cancellation")
        await staff.post(f"/admin{hidden.path}/hiding", GROUNDS)
        await date_back(market, expired)
        await Clock(market.app.state.database).tick()
        assert await open_jobs(market) == {"home": 0, "windows": 0}
        await staff.delete(path)
        assert await open_jobs(market) == {"home": 1, "windows": 1}


class TestCountingAgain:
    @pytest.mark.usefixtures("job")
    async def test_corrects_the_numbers(self, market: Market) -> None:
        fetch = market.app.state.database.fetch
        await add_up(market)
        await make_cleaning(market, category="home")
        await fetch("UPDATE category_counts SET jobs = 7, packages = 2", ())

        async def recount(transaction: Transaction) -> None:
            await CategoryCountRepository(transaction).recount()

        await market.app.state.database.run(recount)
        assert await open_jobs(market) == {"home": 2, "windows": 1}


@pytest.mark.committed
class TestAtOnce:
    @pytest.mark.parametrize("extras", [[], ["oven"]])
    async def test_posting_and_blocking(self, market: Market, extras: list[str]) -> None:
        await make_category(market, slug="windows")
        await bring_extra(market, "windows")
        staff = await make_superuser(market)
        draft = {"name": "Panes", "price": "50.00", "category": "windows", "extras": extras}
        for _ in range(TRIES // 2):
            owner = await make_user(market)
            path = f"/admin/users/{owner.id}/block"
            await asyncio.gather(
                *(owner.post("/cleanings", draft) for _ in range(5)),
                staff.post(path, GROUNDS),
                add_up(market),
                *(owner.post("/cleanings", draft) for _ in range(5)),
            )
        assert await open_jobs(market) == {"windows": 0}

    async def test_editing_and_blocking(self, market: Market) -> None:
        await make_category(market, slug="windows")
        staff = await make_superuser(market)
        for attempt in range(TRIES // 2):
            owner = await make_user(market)
            jobs = [await make_cleaning(market, owner) for _ in range(4)]
            edits = [owner.patch(job.path, {"category": "windows"}) for job in jobs]
            block = staff.post(f"/admin/users/{owner.id}/block", GROUNDS)
            answers = outcome(*await race(attempt, *edits, block))
            assert set(answers) <= {200, "unauthenticated"}
        assert await open_jobs(market) == {"windows": 0}

    async def test_moving_two_categories_beneath_each_other(self, market: Market) -> None:
        for slug in ("home", "office"):
            await make_category(market, slug=slug)
        staff = await make_superuser(market)
        responses = await asyncio.gather(
            staff.patch("/admin/categories/home", {"parent": "office"}),
            staff.patch("/admin/categories/office", {"parent": "home"}),
        )
        assert sorted(response.status_code for response in responses) == [200, 409]
        assert sorted(it["tier"] for it in (await tree(market)).values()) == [1, 2]
        await assert_invariants(market.app)
