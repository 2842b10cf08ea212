"""The filter of jobs by category."""

import pytest

from app.db.models.users import UserRole
from tests.factories.categories import make_category, make_chain
from tests.factories.cleanings import Job, make_cleaning, names
from tests.factories.users import Actor, Market, block, make_user
from tests.stories import GROUNDS


async def make_staff(market: Market) -> Actor:
    """Staff."""
    return await make_user(market, role=UserRole.STAFF)


async def block_owner(market: Market, job: Job) -> None:
    """Blocks the owner of a job."""
    await block(market, job.owner)


async def hide_job(market: Market, job: Job) -> None:
    """Hides a job."""
    path = f"/admin{job.path}/hiding"
    assert (await (await make_staff(market)).post(path, GROUNDS)).status_code == 204


class TestBrowsing:
    async def test_includes_all_beneath(self, market: Market) -> None:
        await make_chain(market, "home", "windows", "skylights")
        await make_category(market, slug="office")
        for category in ("home", "windows", "skylights", "office", None):
            await make_cleaning(market, name=str(category), category=category)
        caller = await make_user(market)
        found = [await names(caller, category=slug) for slug in ("home", "windows", "skylights")]
        assert found == [["skylights", "windows", "home"], ["skylights", "windows"], ["skylights"]]
        assert await names(caller, category="ovens") == []

    async def test_finds_jobs_of_a_category_that_is_not_active(self, market: Market) -> None:
        await make_category(market, slug="windows")
        await make_cleaning(market, name="Panes", category="windows")
        staff = await make_staff(market)
        await staff.post("/admin/categories/windows/deactivation")
        assert await names(staff, category="windows") == ["Panes"]

    @pytest.mark.parametrize("sort", ["newest", "oldest", "price", "-price"])
    @pytest.mark.parametrize("status", ["open", "any"])
    @pytest.mark.parametrize("limit", [1, 2, 100])
    @pytest.mark.parametrize("others", [{}, {"cleaning_type": "spot_clean", "owner": "me"}])
    async def test_pages_have_each_job_once_in_order(
        self, market: Market, sort: str, status: str, limit: int, others: dict[str, str]
    ) -> None:
        await make_chain(market, "home", "windows")
        owner = await make_user(market)
        for number in range(6):
            category = ("home", "windows", None)[number % 3]
            job = await make_cleaning(
                market, owner, name=str(number), price=5 + number // 2, category=category
            )
            if number == 4:
                await owner.post(f"{job.path}/cancellation")
        shown = ["0", "1", "3", "4"] if status == "any" else ["0", "1", "3"]
        if sort in ("newest", "-price"):
            shown.reverse()
        params = {"category": "home", "sort": sort, "status": status, "limit": limit, **others}
        assert await names(owner, **params) == shown

    async def test_leaves_out_jobs_of_blocked_owners_and_hidden_ones(self, market: Market) -> None:
        await make_category(market, slug="windows")
        for hide in (block_owner, hide_job):
            await hide(market, await make_cleaning(market, category="windows"))
        assert await names(await make_user(market), category="windows") == []

    async def test_own_hidden_jobs(self, market: Market) -> None:
        await make_category(market, slug="windows")
        job = await make_cleaning(market, category="windows")
        await hide_job(market, job)
        assert await names(job.owner, category="windows", owner="me") == ["Oven scrub"]

    async def test_with_words(self, market: Market) -> None:
        await make_chain(market, "home", "windows")
        for name, category in {"Panes": "windows", "More panes": None}.items():
            await make_cleaning(market, name=name, category=category)
        caller = await make_user(market)
        assert await names(caller, category="home", q="panes") == ["Panes"]
        assert await names(caller, category="home", q="panes", sort="newest") == ["Panes"]
        assert len(await names(caller, q="panes")) == 2
