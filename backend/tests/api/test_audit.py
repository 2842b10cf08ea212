"""The audit: what was done about access, for staff to read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from httpx import AsyncClient

from app.db.models.fields import now
from app.db.models.ids import time_of
from app.db.models.users import UserRole
from tests.factories.sessions import log_in, make_member
from tests.factories.users import Actor, Market, make_user

GROUNDS = {"reason": "Asks cleaners to pay in advance."}


async def make_staff(market: Market) -> Actor:
    return await make_user(market, role=UserRole.STAFF)


async def actions(staff: Actor, **filters: Any) -> list[str]:
    """What was done, as far as it matches; newest first."""
    return [entry["action"] for entry in await staff.items("/admin/audit", **filters)]


class TestReadingTheAudit:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/admin/audit")).status_code == 401

    async def test_tells_who_did_what_to_whom_and_why(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        headers = {"X-Request-ID": "block-0815"}
        await staff.post(f"/admin/users/{user.id}/block", GROUNDS, headers=headers)
        (entry,) = await staff.items("/admin/audit")
        assert entry.pop("id")
        assert now() - datetime.fromisoformat(entry.pop("created_at")) < timedelta(minutes=1)
        assert entry == {
            "action": "blocked",
            "actor": {"id": str(staff.id), "username": staff.username},
            "user": {"id": str(user.id), "username": user.username},
            "network": "127.0.0.0/24",
            "request_id": "block-0815",
            "details": GROUNDS | {"rule": "terms"},
        }

    async def test_tells_what_nobody_known_did(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        await log_in(market, "nobody", "a guess")
        await log_in(market, member.username, "a guess")
        named, nameless = await staff.items("/admin/audit")
        assert named["action"] == nameless["action"] == "sign_in_failed"
        assert (named["actor"], named["user"]["id"]) == (None, str(member.id))
        assert (nameless["actor"], nameless["user"]) == (None, None)

    async def test_tells_only_what_has_changed(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        form = {"email": member.email, "username": "renamed"}
        assert (await member.patch("/users/me", form)).status_code == 200
        assert await actions(staff) == ["username_changed"]

    async def test_goes_part_by_part_from_the_newest(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        for method in ("POST", "DELETE") * 3:
            await staff.request(method, f"/admin/users/{user.id}/block", json=GROUNDS)
        assert await actions(staff, limit=2) == ["unblocked", "blocked"] * 3

    async def test_by_whom_and_to_whom_and_what(self, market: Market) -> None:
        staff, other = await make_staff(market), await make_staff(market)
        anna, ben = await make_user(market), await make_user(market)
        for caller, user, end in (
            (staff, anna, "block"),
            (other, anna, "deactivation"),
            (other, ben, "block"),
        ):
            await caller.post(f"/admin/users/{user.id}/{end}", GROUNDS)
        assert await actions(staff, user_id=anna.id) == ["deactivated", "blocked"]
        assert await actions(staff, actor_id=other.id) == ["blocked", "deactivated"]
        assert await actions(staff, action="blocked") == ["blocked", "blocked"]
        both = {"actor_id": other.id, "user_id": anna.id}
        assert await actions(staff, **both) == ["deactivated"]
        assert await actions(staff, **both, action="blocked") == []
        assert await actions(staff, user_id=staff.id) == []

    async def test_since_and_until_a_moment(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await staff.post(f"/admin/users/{user.id}/block", GROUNDS)
        (entry,) = await staff.items("/admin/audit")
        moment = datetime.fromisoformat(entry["created_at"])
        assert moment == time_of(UUID(entry["id"]))
        later = (moment + timedelta(milliseconds=1)).isoformat()
        for since in (moment.isoformat(), "1950-01-01T00:00:00Z"):
            assert await actions(staff, since=since) == [entry["action"]]
        for until in (later, "9000-01-01T00:00:00Z"):
            assert await actions(staff, until=until) == [entry["action"]]
        assert await actions(staff, since=later) == []
        assert await actions(staff, until=moment.isoformat()) == []
        assert await actions(staff, until="1950-01-01T00:00:00Z") == []
        assert await actions(staff, since=moment.isoformat(), until=later) == [entry["action"]]

    async def test_keeps_what_deleted_accounts_did_without_their_names(
        self, market: Market
    ) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await user.delete("/users/me")
        (entry,) = await staff.items("/admin/audit", user_id=user.id)
        assert entry["action"] == "account_deleted"
        assert entry["user"]["username"].startswith("deleted-")
