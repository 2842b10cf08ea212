"""Measures of staff against accounts, and that they act at once."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.api.server import get_application
from app.db.models.users import UserRole
from tests.factories.api_keys import assert_ended, assert_good, make_api_key
from tests.factories.cleanings import make_cleaning, names
from tests.factories.offers import make_offer
from tests.factories.sessions import log_in, make_login, make_member, refresh
from tests.factories.users import Market, make_user
from tests.mail import deliver, text_of
from tests.server import settings_for
from tests.staff import AUDITED, GROUNDS, SUPERUSER, USER, act, audited, make_staff


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
            ("blocked", staff.username, AUDITED),
        ]

    async def test_again_changes_nothing_but_is_known(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        answers = [(await act(staff, user, "block")).json() for _ in range(2)]
        assert answers[0] == answers[1]
        again = [(await act(staff, user, "unblock")).json() for _ in range(2)]
        assert again[0] == again[1]
        actions = [action for action, _, _ in await audited(staff, user)]
        assert actions == ["unblocked", "unblocked", "blocked", "blocked"]

    async def test_is_mailed_once_with_its_reasons(self, market: Market, tmp_path: Path) -> None:
        staff, user = await make_staff(market), await make_user(market, language="de")
        for _ in range(2):
            await staff.post(f"/admin/users/{user.id}/block", GROUNDS | {"rule": "fraud"})
        imprint = tmp_path / "imprint.txt"
        imprint.write_text("1 Broom Street")
        (mail,) = await deliver(market, imprint_file=imprint)
        assert (mail["To"], mail["Subject"]) == (user.email, "Dein Konto wurde gesperrt")
        text = " ".join(text_of(mail).split())
        assert "Regel: Täuschung und Betrugsversuche sind nicht erlaubt." in text
        assert f"Sachverhalt: {GROUNDS['reason']}" in text
        assert "Gültig ab: " in text
        assert "schreib dem Betreiber. http://127.0.0.1:8000/imprint" in text

    @pytest.mark.parametrize("rule", ["illegal", "other", None])
    async def test_needs_a_rule_that_names_no_law(self, market: Market, rule: str | None) -> None:
        staff, user = await make_staff(market), await make_user(market)
        response = await staff.post(f"/admin/users/{user.id}/block", GROUNDS | {"rule": rule})
        assert response.status_code == 422
        assert (await user.get("/users/me")).status_code == 200

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

    async def test_without_a_rule_is_mailed_with_the_terms_of_use(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await act(staff, user, "deactivate")
        (mail,) = await deliver(market)
        assert mail["Subject"] == "Your account was deactivated"
        text = " ".join(text_of(mail).split())
        assert "Rule: The terms of use must be followed." in text
        assert "If you think that this is wrong, answer this mail." in text

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
            ("deactivated", staff.username, AUDITED),
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
