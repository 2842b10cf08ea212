"""Failed background tasks: listed, retried and discarded by staff."""

from uuid import UUID, uuid4

import pytest

from app.db.models.kinds.links import LinkTask
from app.db.models.users import UserRole
from tests.factories.tasks import LETTER, enqueue, kept, make_failed_task
from tests.factories.users import Actor, Market, make_user
from tests.mail import deliver

PATH = "/admin/failed-tasks"


@pytest.fixture
async def staff(market: Market) -> Actor:
    """A member of staff."""
    return await make_user(market, role=UserRole.STAFF)


async def audited(market: Market) -> list[dict[str, str]]:
    """The actions on tasks in the audit, with the task and its kind."""
    rows = await market.app.state.database.fetch(
        "SELECT action, actor_id, details->>'task_id' AS task_id, details->>'kind' AS kind "
        "FROM audit WHERE action LIKE 'task_%' ORDER BY id",
        (),
    )
    return [dict(row) for row in rows]


class TestListing:
    async def test_shows_failed_tasks_newest_first(self, market: Market, staff: Actor) -> None:
        await enqueue(market.app)
        ids = [str(await make_failed_task(market.app)) for _ in range(3)]
        first = (await staff.get(PATH, params={"limit": 2})).json()
        assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
        rest = await staff.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})
        assert [item["id"] for item in rest.json()["items"]] == [ids[0]]
        assert rest.json()["next_cursor"] is None

    async def test_shows_why_but_not_what(self, market: Market, staff: Actor) -> None:
        await make_failed_task(market.app)
        response = await staff.get(PATH)
        (item,) = response.json()["items"]
        assert (item["kind"], item["attempts"], item["error"]) == (
            "send_mail",
            32,
            "SMTPConnectError",
        )
        assert "payload" not in item
        assert LETTER["recipient"] not in response.text

    async def test_of_a_kind(self, market: Market, staff: Actor) -> None:
        await make_failed_task(market.app)
        wanted = await make_failed_task(market.app, LinkTask.VERIFY_EMAIL)
        found = (await staff.get(PATH, params={"kind": "verify_email"})).json()["items"]
        assert [item["id"] for item in found] == [str(wanted)]

    async def test_of_an_unknown_kind(self, staff: Actor) -> None:
        assert (await staff.get(PATH, params={"kind": "unheard_of"})).status_code == 422

    async def test_shows_kinds_of_a_newer_version(self, market: Market, staff: Actor) -> None:
        await make_failed_task(market.app, "unheard_of")
        (item,) = (await staff.get(PATH)).json()["items"]
        assert item["kind"] == "unheard_of"


class TestRetrying:
    async def test_runs_the_task_again(self, market: Market, staff: Actor) -> None:
        task_id = await make_failed_task(market.app)
        assert (await staff.post(f"{PATH}/{task_id}/retry")).status_code == 204
        (task,) = await kept(market.app)
        assert (task["attempts"], task["error"], task["failed_at"]) == (0, None, None)
        (message,) = await deliver(market)
        assert message["To"] == LETTER["recipient"]
        assert await kept(market.app) == []

    async def test_is_written_down(self, market: Market, staff: Actor) -> None:
        task_id = await make_failed_task(market.app)
        await staff.post(f"{PATH}/{task_id}/retry")
        assert await audited(market) == [
            {
                "action": "task_retried",
                "actor_id": staff.id,
                "task_id": str(task_id),
                "kind": "send_mail",
            }
        ]

    async def test_needs_a_task_that_has_failed(self, market: Market, staff: Actor) -> None:
        await enqueue(market.app)
        (waiting,) = await kept(market.app)
        for task_id in (waiting["id"], uuid4()):
            response = await staff.post(f"{PATH}/{task_id}/retry")
            assert response.status_code == 404
            assert response.json()["code"] == "task_not_found"
        assert await audited(market) == []

    async def test_twice_does_it_once(self, market: Market, staff: Actor) -> None:
        task_id = await make_failed_task(market.app)
        assert (await staff.post(f"{PATH}/{task_id}/retry")).status_code == 204
        assert (await staff.post(f"{PATH}/{task_id}/retry")).status_code == 404


class TestDiscarding:
    async def test_deletes_the_task(self, market: Market, staff: Actor) -> None:
        discarded, other = [await make_failed_task(market.app) for _ in range(2)]
        assert (await staff.delete(f"{PATH}/{discarded}")).status_code == 204
        assert [task["id"] for task in await kept(market.app)] == [other]

    async def test_is_written_down(self, market: Market, staff: Actor) -> None:
        task_id = await make_failed_task(market.app)
        await staff.delete(f"{PATH}/{task_id}")
        (entry,) = await audited(market)
        assert entry["action"] == "task_discarded"
        assert UUID(entry["task_id"]) == task_id

    async def test_needs_a_task_that_has_failed(self, market: Market, staff: Actor) -> None:
        await enqueue(market.app)
        (waiting,) = await kept(market.app)
        response = await staff.delete(f"{PATH}/{waiting['id']}")
        assert response.status_code == 404
        assert len(await kept(market.app)) == 1
