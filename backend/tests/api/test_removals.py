"""Removals of lost second factors: requested by staff, cancelled, stopped by the owner."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from app.core.security.keys import Keyring
from app.db.models.fields import now
from app.db.models.users import UserRole
from tests.audit import audited
from tests.factories.links import token_in
from tests.factories.removals import (
    FACTOR,
    GROUNDS,
    let_it_fall_due,
    letters,
    make_pending,
    path,
    stop,
    work,
)
from tests.factories.second_factors import (
    make_careful_member,
    make_second_factor,
    prepare,
)
from tests.factories.sessions import log_in, make_member
from tests.factories.users import Market, block, make_user
from tests.mail import deliver, text_of
from tests.staff import STAFF, SUPERUSER, USER


class TestRequesting:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        url = f"/admin/users/{uuid4()}/second-factor-removal"
        assert (await client.post(url, json=GROUNDS)).status_code == 401

    async def test_schedules_it_in_72_hours(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        staff = await make_user(market, role=STAFF)
        response = await staff.post(path(member), GROUNDS)
        assert response.status_code == 200
        due_at = response.json()["second_factor_removal_due_at"]
        left = datetime.fromisoformat(due_at) - now()
        assert timedelta(hours=71, minutes=59) < left <= timedelta(hours=72)
        assert (await member.get(FACTOR)).json()["removal_due_at"] == due_at
        assert await work(market) == 0
        assert (await log_in(market, member.username)).json()["code"] == "second_factor_needed"

    async def test_tells_the_owner_how_to_stop_it(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        staff = await make_user(market, role=STAFF)
        await deliver(market)
        await staff.post(path(member), GROUNDS)
        (mail,) = await deliver(market)
        assert mail["To"] == member.email
        assert "http://127.0.0.1:8000/keep-second-factor#token=" in text_of(mail)
        assert GROUNDS["reason"] not in text_of(mail)

    async def test_is_told_to_those_who_are_blocked(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        staff = await make_user(market, role=STAFF)
        await block(market, member)
        await deliver(market)
        await staff.post(path(member), GROUNDS)
        (mail,) = await deliver(market)
        assert (await stop(market, token_in(mail))).status_code == 204

    async def test_again_changes_nothing_but_is_known(self, market: Market) -> None:
        member, staff, _, token = await make_pending(market)
        before = (await staff.get(f"/admin/users/{member.id}")).json()
        response = await staff.post(path(member), GROUNDS)
        assert response.json() == before
        assert await letters(market) == []
        assert (await stop(market, token)).status_code == 204
        entries = await staff.items("/admin/audit", action="second_factor_removal_requested")
        assert [(entry["actor"]["id"], entry["details"]) for entry in entries] == [
            (str(staff.id), GROUNDS)
        ] * 2

    @pytest.mark.parametrize("body", [None, {}, {"reason": ""}])
    async def test_needs_a_reason(self, market: Market, body: Any) -> None:
        member, _, _ = await make_careful_member(market)
        staff = await make_user(market, role=STAFF)
        assert (await staff.post(path(member), body)).status_code == 422

    @pytest.mark.parametrize("prepared", [False, True])
    async def test_for_somebody_who_has_none(self, market: Market, *, prepared: bool) -> None:
        member, staff = await make_member(market), await make_user(market, role=STAFF)
        if prepared:
            await prepare(member)
        response = await staff.post(path(member), GROUNDS)
        assert response.status_code == 404
        assert response.json()["code"] == "second_factor_not_found"

    @pytest.mark.parametrize(
        ("rank", "other", "may"),
        [
            (STAFF, USER, True),
            (STAFF, STAFF, False),
            (STAFF, SUPERUSER, False),
            (SUPERUSER, STAFF, True),
            (SUPERUSER, SUPERUSER, True),
        ],
    )
    async def test_is_for_those_of_higher_rank(
        self, market: Market, rank: UserRole, other: UserRole, *, may: bool
    ) -> None:
        caller = await make_user(market, role=rank)
        member, _, _ = await make_careful_member(market, role=other)
        response = await caller.post(path(member), GROUNDS)
        assert response.is_success == may
        if not may:
            assert response.json()["code"] == "rank_too_low"

    @pytest.mark.parametrize("rank", [STAFF, SUPERUSER])
    async def test_is_not_for_oneself(self, market: Market, rank: UserRole) -> None:
        caller = await make_user(market, role=rank)
        await make_second_factor(market, caller)
        response = await caller.post(path(caller), GROUNDS)
        assert response.status_code == 403
        assert response.json()["code"] == "rank_too_low"


class TestCancelling:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        url = f"/admin/users/{uuid4()}/second-factor-removal"
        assert (await client.delete(url)).status_code == 401

    async def test_keeps_the_second_factor(self, market: Market) -> None:
        member, staff, _, token = await make_pending(market)
        response = await staff.delete(path(member), json=GROUNDS)
        assert response.status_code == 200
        assert response.json()["second_factor_removal_due_at"] is None
        assert response.json()["second_factor_on_since"] is not None
        await let_it_fall_due(market)
        assert await work(market) == 0
        assert (await stop(market, token)).json()["code"] == "invalid_link"
        (mail,) = await letters(market)
        assert mail["To"] == member.email
        assert mail["Subject"] == "Your second factor stays on"
        entry = (await staff.items("/admin/audit", user_id=str(member.id)))[0]
        assert (entry["action"], entry["details"]) == ("second_factor_removal_cancelled", GROUNDS)

    async def test_comes_with_another_role(self, market: Market) -> None:
        member, _, _, _ = await make_pending(market)
        superuser = await make_user(market, role=SUPERUSER)
        role = f"/admin/users/{member.id}/role"
        assert (await superuser.put(role, {"role": USER})).status_code == 200
        assert (await member.get(FACTOR)).json()["removal_due_at"]
        assert (await superuser.put(role, {"role": STAFF})).status_code == 200
        assert (await member.get(FACTOR)).json()["removal_due_at"] is None
        await let_it_fall_due(market)
        assert await work(market) == 0
        (mail,) = await letters(market)
        assert mail["To"] == member.email
        assert ("second_factor_removal_cancelled", None) in await audited(market, member.id)

    async def test_what_is_not_pending_tells_nobody(self, market: Market) -> None:
        member, staff = await make_member(market), await make_user(market, role=STAFF)
        assert (await staff.delete(path(member))).status_code == 200
        assert await deliver(market) == []

    async def test_leaves_room_for_another_request(self, market: Market) -> None:
        member, staff, _, first = await make_pending(market)
        await staff.delete(path(member))
        await staff.post(path(member), GROUNDS)
        second = token_in((await letters(market))[-1])
        assert (await stop(market, first)).status_code == 422
        assert (await stop(market, second)).status_code == 204


class TestStopping:
    async def test_keeps_the_second_factor(self, market: Market) -> None:
        member, _, app, token = await make_pending(market)
        assert (await stop(market, token)).status_code == 204
        await let_it_fall_due(market)
        assert await work(market) == 0
        assert (await member.get(FACTOR)).json()["removal_due_at"] is None
        assert (await log_in(market, member.username, otp=app.code())).status_code == 200
        assert (await audited(market, member.id))[-2][0] == "second_factor_removal_stopped"
        assert [mail["To"] for mail in await letters(market)] == [member.email]

    async def test_works_once(self, market: Market) -> None:
        _, _, _, token = await make_pending(market)
        assert (await stop(market, token)).status_code == 204
        response = await stop(market, token)
        assert response.status_code == 422
        assert response.json()["code"] == "invalid_link"

    @pytest.mark.committed
    async def test_works_once_however_many_open_it(self, market: Market) -> None:
        _, _, _, token = await make_pending(market)
        answers = await asyncio.gather(*(stop(market, token) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [204, *[422] * 4]

    @pytest.mark.parametrize("token", ["", "made-up", "A" * 43])
    async def test_can_not_be_made_up(self, market: Market, token: str) -> None:
        await make_pending(market)
        assert (await stop(market, token)).json()["code"] == "invalid_link"

    async def test_takes_no_token_of_another_kind(self, market: Market) -> None:
        await make_pending(market)
        (row,) = await market.app.state.database.fetch(
            "SELECT removal_id FROM second_factors WHERE removal_id IS NOT NULL", ()
        )
        keyring: Keyring = market.safeguards.keyring
        forged = keyring.sign("links", row["removal_id"].bytes)
        assert (await stop(market, forged)).json()["code"] == "invalid_link"

    async def test_outlives_a_new_password_and_the_end_of_all_sessions(
        self, market: Market
    ) -> None:
        member, staff, _, token = await make_pending(market)
        await staff.delete(f"/admin/users/{member.id}/sessions")
        assert (await stop(market, token)).status_code == 204
