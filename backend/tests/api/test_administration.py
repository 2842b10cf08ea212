"""Looking after accounts: who may, what they find, and that what they do acts at once."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from app.api.server import get_application
from app.db.models.fields import now
from app.db.models.users import UserRole
from tests.factories.api_keys import assert_ended, assert_good, make_api_key
from tests.factories.cleanings import make_cleaning, names
from tests.factories.offers import make_offer
from tests.factories.sessions import log_in, make_login, make_member, refresh
from tests.factories.users import Actor, Market, make_user
from tests.operations import OPERATIONS, Operation
from tests.server import settings_for

USER, STAFF, SUPERUSER = UserRole
GROUNDS = {"reason": "Asks cleaners to pay in advance."}
ADMIN = [operation for operation in OPERATIONS if "/admin/" in operation.path]
NOWHERE = {
    name: str(uuid4())
    for name in ("user_id", "cleaning_id", "offer_id", "booking_id", "evaluation_id")
}
ACTS = {
    "block": ("POST", "block", GROUNDS),
    "unblock": ("DELETE", "block", None),
    "deactivate": ("POST", "deactivation", GROUNDS),
    "reactivate": ("DELETE", "deactivation", None),
    "end sessions": ("DELETE", "sessions", None),
    "cancel a removal": ("DELETE", "second-factor-removal", None),
    "give a role": ("PUT", "role", {"role": "user"}),
}
"""What is done to accounts: the method, the end of the path, and the body."""
READS = {"account_read", "accounts_listed", "audit_read"}
"""What is only read of them, see test_staff_reads.py."""


async def make_staff(market: Market, **columns: Any) -> Actor:
    return await make_user(market, **{"role": STAFF, **columns})


async def act(caller: Actor, on: Actor, what: str) -> Response:
    method, end, body = ACTS[what]
    return await caller.request(method, f"/admin/users/{on.id}/{end}", json=body)


async def found(staff: Actor, **filters: Any) -> list[str]:
    """The usernames of the accounts that match, in their order."""
    return [account["username"] for account in await staff.items("/admin/users", **filters)]


async def audited(staff: Actor, user: Actor) -> list[tuple[Any, ...]]:
    """The changes of an account: what, by which actor, with which details; newest first."""
    return [
        (entry["action"], entry["actor"] and entry["actor"]["username"], entry["details"])
        for entry in await staff.items("/admin/audit", user_id=str(user.id))
        if entry["action"] not in READS
    ]


class TestEveryOperation:
    @pytest.mark.parametrize("operation", ADMIN, ids=str)
    async def test_is_for_staff(self, market: Market, operation: Operation) -> None:
        url = operation.url(NOWHERE)
        assert (await market.client.request(operation.method, url)).status_code == 401
        user = await make_user(market)
        body = operation.good_body if operation.media_type else None
        response = await user.request(operation.method, url, json=body)
        assert response.status_code == 403
        assert response.json()["code"] == "staff_only"

    async def test_is_for_people_only(self, market: Market) -> None:
        key = await make_api_key(market, await make_user(market, role=SUPERUSER))
        for operation in ADMIN:
            body = operation.good_body if operation.media_type else None
            url = operation.url(NOWHERE)
            response = await key.program.request(operation.method, url, json=body)
            assert response.status_code == 403
            assert response.json()["code"] == "session_needed"

    @pytest.mark.parametrize("role", [STAFF, SUPERUSER])
    async def test_is_for_them_as_long_as_they_have_the_role(
        self, market: Market, role: UserRole
    ) -> None:
        superuser = await make_user(market, role=SUPERUSER)
        staff = await make_user(market, role=role)
        assert (await staff.get("/admin/users")).status_code == 200
        await superuser.put(f"/admin/users/{staff.id}/role", {"role": "user"})
        for path in ("/admin/users", "/admin/audit"):
            assert (await staff.get(path)).json()["code"] == "staff_only"
        refused = await staff.post(f"/admin/users/{superuser.id}/block", GROUNDS)
        assert refused.json()["code"] == "staff_only"


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


class TestRanks:
    @pytest.mark.parametrize("what", ACTS)
    @pytest.mark.parametrize(
        ("rank", "other", "code"),
        [
            (STAFF, USER, None),
            (STAFF, STAFF, "rank_too_low"),
            (STAFF, SUPERUSER, "rank_too_low"),
            (SUPERUSER, USER, None),
            (SUPERUSER, STAFF, None),
            (SUPERUSER, SUPERUSER, None),
        ],
    )
    async def test_say_on_whom_one_may_act(
        self, market: Market, what: str, rank: UserRole, other: UserRole, code: str | None
    ) -> None:
        caller = await make_user(market, role=rank)
        user = await make_user(market, role=other)
        if what == "give a role" and rank is STAFF:
            code = "superuser_only"
        response = await act(caller, user, what)
        assert response.is_success == (code is None)
        if code:
            assert response.status_code == 403
            assert response.json()["code"] == code
            assert await audited(caller, user) == []

    @pytest.mark.parametrize("what", ACTS)
    @pytest.mark.parametrize("rank", [STAFF, SUPERUSER])
    async def test_are_not_above_themselves(
        self, market: Market, what: str, rank: UserRole
    ) -> None:
        caller = await make_user(market, role=rank)
        response = await act(caller, caller, what)
        assert response.status_code == 403
        only = what == "give a role" and rank is STAFF
        assert response.json()["code"] == ("superuser_only" if only else "rank_too_low")
        assert (await caller.get("/admin/users", params={"role": rank})).status_code == 200

    @pytest.mark.parametrize("what", ACTS)
    async def test_matter_only_for_accounts_that_are_there(self, market: Market, what: str) -> None:
        superuser, gone = await make_user(market, role=SUPERUSER), await make_user(market)
        await gone.delete("/users/me")
        method, end, body = ACTS[what]
        for user_id in (gone.id, uuid4()):
            path = f"/admin/users/{user_id}/{end}"
            response = await superuser.request(method, path, json=body)
            assert response.status_code == 404
            assert response.json()["code"] == "user_not_found"


class TestBlocking:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        path = f"/admin/users/{uuid4()}/block"
        assert (await client.post(path, json=GROUNDS)).status_code == 401

    async def test_cuts_whatever_is_going_on(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        login, token = await make_login(market, member)
        key = await make_api_key(market, member)
        response = await staff.post(f"/admin/users/{member.id}/block", GROUNDS)
        assert response.status_code == 200
        assert response.json()["blocked_at"]
        await assert_ended(key)
        for actor in (member, login):
            assert (await actor.get("/users/me")).status_code == 401
            job = {"name": "Windows", "price": "50.00"}
            assert (await actor.post("/cleanings", job)).status_code == 401
        assert (await refresh(market, token)).status_code == 401
        assert (await log_in(market, member.username)).status_code == 401

    async def test_takes_jobs_and_offers_out_of_the_market(self, market: Market) -> None:
        staff, offer = await make_staff(market), await make_offer(market)
        job = await make_cleaning(market, offer.cleaner, name="Mine")
        await act(staff, offer.cleaner, "block")
        assert await names(offer.owner) == ["Oven scrub"]
        assert (await offer.owner.get(job.path)).status_code == 404
        response = await offer.owner.post(f"{offer.path}/acceptance")
        assert response.json()["code"] == "offerer_blocked"

    @pytest.mark.committed
    async def test_holds_in_every_process_at_once(
        self, market: Market, server: str, database_name: str
    ) -> None:
        staff, user = await make_staff(market), await make_user(market)
        other = get_application(settings_for(server, database_name))
        headers = {"Authorization": f"Bearer {user.token}"}
        async with other.router.lifespan_context(other), client_of(other) as elsewhere:
            assert (await elsewhere.get("/users/me", headers=headers)).status_code == 200
            await act(staff, user, "block")
            assert (await elsewhere.get("/users/me", headers=headers)).status_code == 401
            await act(staff, user, "unblock")
            assert (await elsewhere.get("/users/me", headers=headers)).status_code == 200

    async def test_can_be_taken_back(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await act(staff, user, "block")
        response = await staff.delete(f"/admin/users/{user.id}/block", json={"reason": "A mistake"})
        assert response.status_code == 200
        assert response.json()["blocked_at"] is None
        assert (await user.get("/users/me")).status_code == 200
        assert await audited(staff, user) == [
            ("unblocked", staff.username, {"reason": "A mistake"}),
            ("blocked", staff.username, GROUNDS),
        ]

    async def test_again_changes_nothing_but_is_known(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        answers = [(await act(staff, user, "block")).json() for _ in range(2)]
        assert answers[0] == answers[1]
        again = [(await act(staff, user, "unblock")).json() for _ in range(2)]
        assert again[0] == again[1]
        actions = [action for action, _, _ in await audited(staff, user)]
        assert actions == ["unblocked", "unblocked", "blocked", "blocked"]

    @pytest.mark.parametrize("body", [None, {}, {"reason": ""}, {"reason": "x" * 501}])
    async def test_needs_a_reason(self, market: Market, body: Any) -> None:
        staff, user = await make_staff(market), await make_user(market)
        response = await staff.post(f"/admin/users/{user.id}/block", body)
        assert response.status_code == 422
        assert (await user.get("/users/me")).status_code == 200


def client_of(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://test/api/v1")


class TestDeactivating:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        path = f"/admin/users/{uuid4()}/deactivation"
        assert (await client.post(path, json=GROUNDS)).status_code == 401

    async def test_has_nobody_act_with_the_account(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        _, token = await make_login(market, member)
        response = await staff.post(f"/admin/users/{member.id}/deactivation", GROUNDS)
        assert response.status_code == 200
        assert response.json()["inactive_at"]
        assert (await member.get("/users/me")).status_code == 401
        assert (await refresh(market, token)).status_code == 401
        assert (await log_in(market, member.username)).status_code == 401

    async def test_leaves_jobs_to_be_seen(self, market: Market) -> None:
        staff, job = await make_staff(market), await make_cleaning(market)
        await act(staff, job.owner, "deactivate")
        assert await names(staff) == ["Oven scrub"]
        assert (await staff.get(job.path)).status_code == 200

    async def test_can_be_taken_back(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        await act(staff, member, "deactivate")
        response = await act(staff, member, "reactivate")
        assert response.json()["inactive_at"] is None
        assert (await member.get("/users/me")).status_code == 200
        assert (await log_in(market, member.username)).status_code == 200
        _, *acts = await audited(staff, member)
        assert acts == [
            ("reactivated", staff.username, {}),
            ("deactivated", staff.username, GROUNDS),
        ]


class TestEndingSessions:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.delete(f"/admin/users/{uuid4()}/sessions")).status_code == 401

    async def test_ends_all_of_somebody_and_no_others(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        login, token = await make_login(market, member)
        key, other = await make_api_key(market, member), await make_api_key(market)
        response = await staff.delete(f"/admin/users/{member.id}/sessions", json=GROUNDS)
        assert response.status_code == 204
        await assert_ended(key)
        await assert_good(other)
        assert (await other.owner.get("/users/me")).status_code == 200
        for actor in (member, login):
            assert (await actor.get("/users/me")).status_code == 401
        assert (await refresh(market, token)).status_code == 401
        account = (await staff.get(f"/admin/users/{member.id}")).json()
        assert (account["sessions"], account["api_keys"]) == (0, 0)
        assert (await audited(staff, member))[0] == ("sessions_ended", staff.username, GROUNDS)

    async def test_of_everybody_is_done_by_the_operator(self, market: Market) -> None:
        key = await make_api_key(market, await make_member(market))
        login, token = await make_login(market, key.owner)
        await market.app.state.database.fetch("DELETE FROM sessions", ())
        await assert_ended(key)
        assert (await login.get("/users/me")).status_code == 401
        assert (await refresh(market, token)).status_code == 401

    async def test_does_not_keep_them_from_logging_in(self, market: Market) -> None:
        staff, member = await make_staff(market), await make_member(market)
        await act(staff, member, "end sessions")
        assert (await log_in(market, member.username)).status_code == 200


class TestGivingRoles:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        path = f"/admin/users/{uuid4()}/role"
        assert (await client.put(path, json={"role": "staff"})).status_code == 401

    @pytest.mark.parametrize("role", UserRole)
    async def test_acts_at_once(self, market: Market, role: UserRole) -> None:
        superuser, user = await make_user(market, role=SUPERUSER), await make_staff(market)
        response = await superuser.put(f"/admin/users/{user.id}/role", {"role": role})
        assert response.status_code == 200
        assert response.json()["role"] == role
        may = (await user.get("/admin/users")).is_success
        assert may == (role is not USER)
        assert await audited(superuser, user) == [
            ("role_changed", superuser.username, {"before": "staff", "role": role})
        ]
