"""Staff finds accounts: listed with filters, by id, and by email address."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.db.models.fields import now
from tests.factories.api_keys import make_api_key
from tests.factories.sessions import make_login, make_member
from tests.factories.users import Actor, Market, make_user
from tests.staff import STAFF, SUPERUSER, USER, make_staff


async def found(staff: Actor, **filters: Any) -> list[str]:
    """The usernames of the accounts that match, in their order."""
    return [account["username"] for account in await staff.items("/admin/users", **filters)]


class TestFindingAccounts:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/admin/users")).status_code == 401

    async def test_shows_all_newest_first_part_by_part(self, market: Market) -> None:
        staff = await make_staff(market)
        users = [await make_user(market) for _ in range(5)]
        expected = [user.username for user in (staff, *users)][::-1]
        assert await found(staff, limit=2) == expected

    async def test_shows_what_matters_but_no_addresses(self, market: Market) -> None:
        staff = await make_staff(market)
        user = await make_user(market, blocked_at=now())
        newest = (await staff.get("/admin/users")).json()["items"][0]
        assert newest["id"] == str(user.id)
        assert newest["full_name"] == user.username.title()
        assert newest["role"] == "user"
        assert newest["blocked_at"]
        assert [newest[f"{state}_at"] for state in ("inactive", "deleted")] == [None, None]
        assert "email" not in newest

    @pytest.mark.parametrize("q", ["Anna-M", "anna-marie", "ANNA ARK", "a"])
    async def test_by_how_their_names_begin(self, market: Market, q: str) -> None:
        staff = await make_staff(market, username="staff")
        user = await make_user(market, username="Anna-Marie")
        await user.patch("/profiles/me", {"full_name": "Anna Ark"})
        await make_user(market, username="ben")
        assert await found(staff, q=q) == ["Anna-Marie"]

    @pytest.mark.parametrize("q", ["%", "_", "\\", "'", "marie", "anna-marie@"])
    async def test_by_nothing_but_that(self, market: Market, q: str) -> None:
        staff = await make_staff(market)
        await make_user(market, username="anna-marie", email="anna-marie@example.com")
        assert await found(staff, q=q) == []

    async def test_by_their_role(self, market: Market) -> None:
        staff = await make_staff(market)
        superuser = await make_user(market, role=SUPERUSER)
        user = await make_user(market)
        for actor, role in ((user, "user"), (staff, "staff"), (superuser, "superuser")):
            assert await found(superuser, role=role) == [actor.username]

    @pytest.mark.parametrize(
        ("state", "column"),
        [
            ("pending", "pending_until"),
            ("inactive", "inactive_at"),
            ("blocked", "blocked_at"),
            ("deleted", "deleted_at"),
        ],
    )
    async def test_by_their_state(self, market: Market, state: str, column: str) -> None:
        staff, active = await make_staff(market), await make_user(market)
        user = await make_user(market, **{column: now()})
        assert await found(staff, state=state) == [user.username]
        assert await found(staff, state="active") == [active.username, staff.username]

    async def test_by_all_at_once(self, market: Market) -> None:
        staff = await make_staff(market)
        for role, blocked_at in ((USER, now()), (STAFF, None), (STAFF, now())):
            await make_user(market, role=role, blocked_at=blocked_at)
        wanted = await make_staff(market, username="anna", blocked_at=now())
        expected = [wanted.username]
        assert await found(staff, q="an", role="staff", state="blocked") == expected


class TestReadingAnAccount:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(f"/admin/users/{uuid4()}")).status_code == 401

    async def test_shows_what_staff_needs_and_no_secret(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        await make_login(market, member)
        await make_api_key(market, member)
        response = await staff.get(f"/admin/users/{member.id}")
        assert response.status_code == 200
        account = response.json()
        for moment in ("created_at", "updated_at"):
            assert account.pop(moment)
        assert account == {
            "id": str(member.id),
            "username": member.username,
            "full_name": member.username.title(),
            "email": member.email,
            "role": "user",
            "sessions": 2,
            "api_keys": 1,
            "second_factor_on_since": None,
            "second_factor_removal_due_at": None,
            "email_verified_at": None,
            "pending_until": None,
            "inactive_at": None,
            "blocked_at": None,
            "deleted_at": None,
        }

    async def test_that_is_not_there(self, market: Market) -> None:
        response = await (await make_staff(market)).get(f"/admin/users/{uuid4()}")
        assert response.status_code == 404
        assert response.json()["code"] == "user_not_found"


class TestLookingUpAnAccount:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        body = {"email": "anna@example.com"}
        assert (await client.post("/admin/users/lookup", json=body)).status_code == 401

    async def test_by_an_address_in_any_case(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        response = await staff.post("/admin/users/lookup", {"email": user.email.upper()})
        assert response.status_code == 200
        assert response.json() == (await staff.get(f"/admin/users/{user.id}")).json()

    async def test_finds_whoever_has_verified_it_before_all_others(self, market: Market) -> None:
        staff, email = await make_staff(market), "anna@example.com"
        user = await make_user(market, email=email)
        await make_user(market, email=email, pending_until=now())
        response = await staff.post("/admin/users/lookup", {"email": email})
        assert response.json()["id"] == str(user.id)

    async def test_that_is_not_there(self, market: Market) -> None:
        staff = await make_staff(market)
        response = await staff.post("/admin/users/lookup", {"email": "anna@example.com"})
        assert response.status_code == 404
        assert response.json()["code"] == "user_not_found"
