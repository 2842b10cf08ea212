"""The rank that each measure of staff needs."""

from uuid import uuid4

import pytest

from app.db.models.users import UserRole
from tests.api.test_access import NOWHERE
from tests.factories.api_keys import make_api_key
from tests.factories.users import Market, make_user
from tests.operations import OPERATIONS, Operation
from tests.staff import ACTS, GROUNDS, STAFF, SUPERUSER, USER, act, audited

ADMIN = [operation for operation in OPERATIONS if "/admin/" in operation.path]


class TestEveryOperation:
    @pytest.mark.parametrize("operation", ADMIN, ids=str)
    async def test_is_for_staff(self, market: Market, operation: Operation) -> None:
        url = operation.url(NOWHERE)
        assert (await market.client.request(operation.method, url)).status_code == 401
        user = await make_user(market)
        response = await user.request(operation.method, url, **operation.good_content)
        assert response.status_code == 403
        assert response.json()["code"] == "staff_only"

    async def test_is_for_people_only(self, market: Market) -> None:
        key = await make_api_key(market, await make_user(market, role=SUPERUSER))
        for operation in ADMIN:
            url = operation.url(NOWHERE)
            response = await key.program.request(operation.method, url, **operation.good_content)
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
