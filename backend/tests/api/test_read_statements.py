"""How many statements each read takes: never more for more rows."""

import pytest
from fastapi import FastAPI

from app.db.models.users import UserRole
from tests.factories.bookings import make_finished_booking
from tests.factories.categories import make_category
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user
from tests.statements import READING_AS_STAFF, statements

pytestmark = pytest.mark.committed

FEW, MANY = 1, 30
GROUNDS = {"reason": "Not a cleaning job."}


@pytest.fixture(autouse=True)
async def one_connection(app: FastAPI) -> None:
    """Begins with an empty pool: what the driver asks once per connection is soon asked."""
    await app.state.pool.close()


class TestReading:
    async def reads(self, market: Market, rows: int) -> dict[str, int]:
        """Reads all that there is to read, where every list has so many rows."""
        owner, cleaner = await make_user(market), await make_user(market)
        category = (await make_category(market))["slug"]
        for _ in range(rows):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            booking = await make_finished_booking(market, offer)
            await make_evaluation(market, booking)
            pending_job = await make_cleaning(market, owner, category=category)
            pending = await make_offer(market, pending_job, cleaner)
        job = await make_cleaning(market, owner)
        for _ in range(rows):
            await make_offer(market, job, await make_user(market))
        for number in range(rows):
            await owner.patch(job.path, {"description": f"No. {number}"})
        lists = {
            "/cleanings": owner,
            "/cleanings?q=oven": owner,
            f"/cleanings?owner={owner.username}&status=any&sort=price": cleaner,
            f"{job.path}/offers": owner,
            f"{job.path}/revisions": owner,
            "/offers": cleaner,
            "/bookings": owner,
            "/bookings?role=owner&status=completed": owner,
            f"/profiles/{cleaner.username}/evaluations": owner,
            "/feed/cleanings": owner,
            f"/cleanings?category={category}": owner,
        }
        single = {
            pending.path: cleaner,
            job.path: owner,
            booking.path: cleaner,
            f"{booking.path}/evaluation": owner,
            f"/profiles/{cleaner.username}": owner,
            f"/profiles/{cleaner.username}/evaluations/stats": owner,
            "/profiles/me": owner,
            "/users/me": owner,
            "/categories": owner,
        }
        for path, actor in lists.items():
            page = await actor.get(path, params={"limit": 100})
            assert len(page.json()["items"]) >= rows, path
        return {
            path: await statements(market.app, actor.get(path))
            for path, actor in (lists | single).items()
        }

    async def test_takes_one_statement_however_many_rows_there_are(self, market: Market) -> None:
        await self.reads(market, 1)
        for rows in (FEW, MANY):
            taken = await self.reads(market, rows)
            assert taken == dict.fromkeys(taken, 1)

    async def test_of_a_search_without_a_match_looks_for_the_beginning_of_a_word_too(
        self, market: Market
    ) -> None:
        owner = (await make_cleaning(market, name="Oven scrub")).owner
        for q, taken in {"oven": 1, "ove": 2, "zzz": 2, "zz": 1, "it": 1}.items():
            assert await statements(market.app, owner.get(f"/cleanings?q={q}")) == taken, q

    async def test_of_staff_takes_a_transaction_for_the_role_the_answer_and_the_audit(
        self, market: Market
    ) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        await statements(market.app, staff.get("/admin/users"))
        for rows in (FEW, MANY):
            user = await make_user(market)
            for _ in range(rows):
                await staff.post(f"/admin/users/{user.id}/block", GROUNDS)
            for path in (
                "/admin/users?q=user&limit=100",
                f"/admin/audit?user_id={user.id}",
                f"/admin/users/{user.id}",
            ):
                assert await statements(market.app, staff.get(path)) == READING_AS_STAFF
