"""What staff reads about people is in the audit."""

from uuid import UUID, uuid4

import pytest
from httpx import Response

from app.db.models.users import UserRole
from tests.factories.users import Actor, Market, make_user

Entry = tuple[str, UUID, str]


async def make_staff(market: Market) -> Actor:
    return await make_user(market, role=UserRole.STAFF)


async def look_up(staff: Actor, email: str) -> Response:
    return await staff.post("/admin/users/lookup", {"email": email})


async def entries(market: Market, staff: Actor) -> list[Entry]:
    """What the audit says that staff did: the action, the person it concerns, the details."""
    rows = await market.app.state.database.fetch(
        "SELECT action, user_id, details::text FROM audit WHERE actor_id = $1 ORDER BY id",
        [staff.id],
    )
    return [(row[0], row[1], row[2]) for row in rows]


class TestReadingAnAccount:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    async def test_is_written_down(self, market: Market, method: str) -> None:
        staff, user = await make_staff(market), await make_user(market)
        response = await staff.request(method, f"/admin/users/{user.id}")
        assert response.status_code == 200
        assert await entries(market, staff) == [("account_read", user.id, "{}")]

    async def test_that_does_not_exist_is_not(self, market: Market) -> None:
        staff = await make_staff(market)
        assert (await staff.get(f"/admin/users/{uuid4()}")).status_code == 404
        assert await entries(market, staff) == []

    async def test_by_others_leaves_nothing(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        assert (await other.get(f"/admin/users/{user.id}")).status_code == 403
        assert await entries(market, other) == []

    async def test_is_told_to_its_owner_without_more_of_the_staff(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await staff.get(f"/admin/users/{user.id}")
        (entry,) = [
            entry
            for entry in (await user.get("/users/me/export")).json()["audit"]
            if entry["action"] == "account_read"
        ]
        assert (entry["by_oneself"], entry["network"]) == (False, None)


class TestLookingUpAnAddress:
    async def test_is_written_down_without_the_address(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        assert (await look_up(staff, user.email)).status_code == 200
        assert await entries(market, staff) == [("account_looked_up", user.id, "{}")]

    async def test_that_has_no_account_is_written_down_too(self, market: Market) -> None:
        staff = await make_staff(market)
        assert (await look_up(staff, "nobody@example.com")).status_code == 404
        assert await entries(market, staff) == [("account_looked_up", staff.id, '{"found": "no"}')]

    async def test_that_has_no_account_is_answered_once_with_a_key(self, market: Market) -> None:
        staff = await make_staff(market)
        answers = [
            await staff.post(
                "/admin/users/lookup",
                {"email": "nobody@example.com"},
                headers={"Idempotency-Key": "look-up"},
            )
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[1].headers["Idempotency-Replayed"] == "true"
        assert len(await entries(market, staff)) == 1


class TestListingAccounts:
    async def test_is_written_down_without_the_name(self, market: Market) -> None:
        staff = await make_staff(market)
        for params in ({}, {"q": "anna"}, {"role": "staff", "state": "active", "limit": "1"}):
            assert (await staff.get("/admin/users", params=params)).status_code == 200
        assert await entries(market, staff) == [
            ("accounts_listed", staff.id, '{"filters": ""}'),
            ("accounts_listed", staff.id, '{"filters": "q"}'),
            ("accounts_listed", staff.id, '{"filters": "role state"}'),
        ]

    async def test_is_written_down_page_by_page(self, market: Market) -> None:
        staff = await make_staff(market)
        await make_user(market)
        assert len(await staff.items("/admin/users", limit=1)) == 2
        assert len(await entries(market, staff)) == 2


class TestReadingTheAuditOfAPerson:
    @pytest.mark.parametrize("name", ["user_id", "actor_id"])
    async def test_is_written_down(self, market: Market, name: str) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await user.delete("/auth/token")
        assert await staff.items("/admin/audit", **{name: str(user.id)})
        assert await entries(market, staff) == [("audit_read", user.id, "{}")]

    async def test_that_has_no_entries_is_not(self, market: Market) -> None:
        staff = await make_staff(market)
        assert await staff.items("/admin/audit", user_id=str(uuid4())) == []
        assert await staff.items("/admin/audit") == []
        assert await entries(market, staff) == []
