"""Failed tasks on the pages of staff."""

from app.db.models.kinds import TaskKind
from app.web.views.tasks import WORDS
from tests.factories.browsers import browser_of
from tests.factories.tasks import kept, make_failed_task
from tests.factories.users import Actor, Market
from tests.staff import make_staff

TASKS = "/staff/tasks"


async def acts(staff: Actor) -> list[str]:
    """What the audit has about tasks."""
    entries = await staff.items("/admin/audit", actor_id=str(staff.id))
    return [entry["action"] for entry in entries if entry["action"].startswith("task")]


def test_each_kind_has_words() -> None:
    assert set(WORDS) == set(TaskKind.all())


class TestFailedTasks:
    async def test_are_listed_with_their_errors(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        assert "No failed tasks" in (await browser.open(TASKS)).text
        await make_failed_task(market.app)
        page = await browser.open(TASKS)
        assert "SMTPConnectError" in page.text
        assert "32 attempts" in page.text
        assert "anna@example.com" not in page.response.text

    async def test_of_another_version_are_listed_by_their_kind(self, market: Market) -> None:
        await make_failed_task(market.app, "of_tomorrow")
        browser = await browser_of(market, await make_staff(market))
        assert "of_tomorrow" in (await browser.open(TASKS)).text

    async def test_are_retried(self, market: Market) -> None:
        staff, task_id = await make_staff(market), await make_failed_task(market.app)
        browser = await browser_of(market, staff)
        page = await browser.send(await browser.open(TASKS), f"{TASKS}/{task_id}/retry")
        assert "The task runs again." in page.text
        (task,) = await kept(market.app)
        assert task["failed_at"] is None
        assert await acts(staff) == ["task_retried"]

    async def test_are_discarded_once(self, market: Market) -> None:
        staff, task_id = await make_staff(market), await make_failed_task(market.app)
        browser = await browser_of(market, staff)
        question = await browser.open(f"{TASKS}/{task_id}/discarding")
        page = await browser.send(question, f"{TASKS}/{task_id}/discarding")
        assert "The task is discarded." in page.text
        assert await kept(market.app) == []
        assert await acts(staff) == ["task_discarded"]
        assert (await browser.post(f"{TASKS}/{task_id}/discarding")).status_code == 404
