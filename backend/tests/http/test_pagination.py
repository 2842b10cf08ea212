"""Lists, part by part: nothing is lost, nothing comes twice, whatever others do meanwhile."""

from typing import Any

import pytest

from app.db.models.users import UserRole
from tests.factories.bookings import make_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message
from tests.factories.offers import make_offer
from tests.factories.orders import make_order
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.thread_readings import read_thread
from tests.factories.users import Actor, Market, make_user
from tests.factories.webhooks import make_webhook
from tests.operations import OPERATIONS, Operation

LISTS = [operation for operation in OPERATIONS if "cursor" in operation.parameters("query")]


async def read(reader: Actor, path: str, **params: Any) -> tuple[list[Any], str | None]:
    """A part of a list, and the cursor of the next."""
    response = await reader.get(path, params=params)
    assert response.status_code == 200, response.text
    page = response.json()
    return page["items"], page["next_cursor"]


async def make_cleanings(market: Market, number: int, **terms: Any) -> list[str]:
    """Jobs of one owner; their ids."""
    owner = await make_user(market)
    return [(await make_cleaning(market, owner, **terms)).data["id"] for _ in range(number)]


class TestTheEnd:
    @pytest.mark.parametrize(
        ("number", "sizes"),
        [(0, [0]), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2]), (5, [2, 2, 1])],
    )
    async def test_is_where_nothing_follows(
        self, market: Market, number: int, sizes: list[int]
    ) -> None:
        reader = await make_user(market)
        await make_cleanings(market, number)
        items, cursor = await read(reader, "/cleanings", limit=2)
        found = [len(items)]
        while cursor is not None:
            items, cursor = await read(reader, "/cleanings", limit=2, cursor=cursor)
            found.append(len(items))
        assert found == sizes

    async def test_is_reached_though_the_rest_is_gone(self, market: Market) -> None:
        owner = await make_user(market)
        jobs = [await make_cleaning(market, owner) for _ in range(3)]
        _, cursor = await read(owner, "/cleanings", limit=2)
        await owner.delete(jobs[0].path)
        assert await read(owner, "/cleanings", limit=2, cursor=cursor) == ([], None)


class TestTheSize:
    async def test_is_limited(self, market: Market) -> None:
        """The items follow each other on several pages, and none is left out."""
        ids = await make_cleanings(market, 8, description="\N{BROOM}" * 5000)
        items, cursor = await read(reader := await make_user(market), "/cleanings", limit=100)
        assert len(items) == 6  # of 20 KB each
        rest, end = await read(reader, "/cleanings", limit=100, cursor=cursor)
        assert end is None
        assert [item["id"] for item in items + rest] == ids[::-1]


class TestTheLimit:
    async def test_is_20_by_default(self, market: Market) -> None:
        reader = await make_user(market)
        await make_cleanings(market, 21)
        items, cursor = await read(reader, "/cleanings")
        assert len(items) == 20
        assert cursor is not None

    @pytest.mark.parametrize("limit", [1, 100])
    async def test_has_bounds(self, market: Market, limit: int) -> None:
        reader = await make_user(market)
        await make_cleanings(market, 2)
        items, _ = await read(reader, "/cleanings", limit=limit)
        assert len(items) == min(limit, 2)

    @pytest.mark.parametrize("limit", [0, 101])
    async def test_is_refused_beyond_them(self, market: Market, limit: int) -> None:
        reader = await make_user(market)
        response = await reader.get("/cleanings", params={"limit": limit})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["limit"]

    async def test_may_change_on_the_way(self, market: Market) -> None:
        ids = await make_cleanings(market, 6)
        reader = await make_user(market)
        found, cursor = await read(reader, "/cleanings", limit=1)
        for limit in (3, 2):
            items, cursor = await read(reader, "/cleanings", limit=limit, cursor=cursor)
            found += items
        assert [item["id"] for item in found] == ids[::-1]
        assert cursor is None


class TestWhatIsRead:
    @pytest.mark.parametrize("sort", ["newest", "oldest", "price", "-price"])
    async def test_is_each_item_once_though_the_keys_are_equal(
        self, market: Market, sort: str
    ) -> None:
        ids = await make_cleanings(market, 7, price="50.00")
        items = await (await make_user(market)).items("/cleanings", sort=sort, limit=2)
        assert [item["id"] for item in items] == (ids if sort in ("oldest", "price") else ids[::-1])

    @pytest.mark.parametrize("filters", [{"sort": "newest"}, {"sort": "-price"}, {"q": "oven"}])
    async def test_is_each_item_once_though_others_are_added(
        self, market: Market, filters: dict[str, str]
    ) -> None:
        ids = await make_cleanings(market, 7, price="50.00")
        reader = await make_user(market)
        items, cursor = await read(reader, "/cleanings", limit=2, **filters)
        while cursor is not None:
            await make_cleanings(market, 1, price="50.00")
            part, cursor = await read(reader, "/cleanings", limit=2, cursor=cursor, **filters)
            items += part
        assert [item["id"] for item in items] == ids[::-1]

    async def test_is_each_item_once_though_the_one_before_is_gone(self, market: Market) -> None:
        owner = await make_user(market)
        jobs = [await make_cleaning(market, owner) for _ in range(4)]
        items, cursor = await read(owner, "/cleanings", limit=2)
        for job in jobs[2:]:
            await owner.delete(job.path)
        rest, _ = await read(owner, "/cleanings", limit=2, cursor=cursor)
        assert [item["id"] for item in items + rest] == [job.data["id"] for job in jobs[::-1]]


class TestCursors:
    @pytest.mark.parametrize("operation", LISTS, ids=str)
    async def test_of_another_list_are_refused(self, market: Market, operation: Operation) -> None:
        owner = await make_user(market, role=UserRole.STAFF)  # every list is for them
        job = await make_cleaning(market, owner)
        topic = await make_package(market, owner) if "{package_id}" in operation.path else job
        answer = await make_answer(market, await make_question(market, topic))
        booking = await make_booking(market, await make_offer(market, job))
        await make_cleanings(market, 2)
        path = operation.url(
            {
                "cleaning_id": job.data["id"],
                "package_id": topic.data["id"],
                "question_id": answer.question.data["id"],
                "answer_id": answer.data["id"],
                "cleaner_id": str(booking.cleaner.id),
                "order_id": (await make_order(market, customer=owner)).data["id"],
                "number": "1",
                "username": booking.cleaner.username,
                "webhook_id": (await make_webhook(market, owner)).data["id"],
                "reading_id": (await read_thread(owner, await make_message(market))).data["id"],
            }
        )
        parameters = {} if str(operation) != "browse_cleanings" else {"status": "booked"}
        _, cursor = await read(owner, "/cleanings", limit=1)
        assert cursor is not None
        response = await owner.get(path, params={"cursor": cursor, **parameters})
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("query", "cursor")

    @pytest.mark.parametrize(
        "filters",
        [
            {"sort": "oldest"},
            {"sort": "price"},
            {"q": "oven"},
            {"owner": "me"},
            {"status": "any"},
            {"min_price": "1"},
            {"area": "Old Town"},
        ],
    )
    async def test_of_another_filter_are_refused(
        self, market: Market, filters: dict[str, str]
    ) -> None:
        reader = await make_user(market)
        await make_cleanings(market, 2)
        _, cursor = await read(reader, "/cleanings", limit=1)
        response = await reader.get("/cleanings", params={"cursor": cursor, **filters})
        assert response.status_code == 422

    async def test_of_the_same_list_of_another_job_are_refused(self, market: Market) -> None:
        first, second = [await make_offer(market) for _ in range(2)]
        await make_offer(market, first.job)
        _, cursor = await read(first.owner, f"{first.job.path}/offers", limit=1)
        response = await second.owner.get(f"{second.job.path}/offers", params={"cursor": cursor})
        assert response.status_code == 422

    async def test_that_were_changed_are_refused(self, market: Market) -> None:
        reader = await make_user(market)
        await make_cleanings(market, 2)
        _, cursor = await read(reader, "/cleanings", limit=1)
        assert cursor is not None
        for i in range(len(cursor) - 1):
            changed = cursor[:i] + ("A" if cursor[i] != "A" else "B") + cursor[i + 1 :]
            response = await reader.get("/cleanings", params={"cursor": changed})
            assert response.status_code == 422

    async def test_work_for_whoever_has_them(self, market: Market) -> None:
        ids = await make_cleanings(market, 2)
        one, other = await make_user(market), await make_user(market)
        _, cursor = await read(one, "/cleanings", limit=1)
        items, _ = await read(other, "/cleanings", limit=1, cursor=cursor)
        assert [item["id"] for item in items] == ids[:1]
