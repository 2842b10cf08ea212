"""Idempotency keys: a request that is sent again gets its answer again, and does nothing more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.db.models.fields import now
from app.db.models.kinds.cleanings import CleaningScope
from app.db.models.users import UserRole
from tests.api.test_access import delete_account, expire_login, log_out
from tests.factories.api_keys import make_api_key
from tests.factories.bookings import make_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.links import verifying
from tests.factories.sessions import make_login, make_member
from tests.factories.users import Market, block, make_user, market_from
from tests.http.idempotency import (
    DRAFT,
    KEY,
    KEYED,
    NAME,
    NEWCOMER,
    check_problem,
    check_same,
    post,
    posted,
)
from tests.processes import another_process


class TestAnotherRequest:
    @pytest.mark.parametrize(
        ("path", "options"),
        [
            ("/cleanings", {"json": {**DRAFT, "price": "51.00"}}),
            ("/cleanings", {"json": DRAFT, "params": {"a": "b"}}),
            ("/cleanings", {"json": DRAFT, "headers": {"If-Match": '"1"'}}),
            ("{job}/cancellation", {}),
        ],
    )
    async def test_needs_another_key(
        self, market: Market, path: str, options: dict[str, Any]
    ) -> None:
        user = await make_user(market)
        job = await make_cleaning(market, user)
        first = await post(user)
        headers = {**options.pop("headers", {}), **KEYED}
        response = await user.post(path.format(job=job.path), headers=headers, **options)
        check_problem(response, 422, "idempotency_key_reused")
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("header", NAME)
        assert await posted(user) == 2
        check_same(first, await post(user))

    async def test_of_somebody_else_may_have_the_same(self, market: Market) -> None:
        users = [await make_user(market) for _ in range(2)]
        for user in users:
            assert "Idempotency-Replayed" not in (await post(user)).headers
            assert await posted(user) == 1

    @pytest.mark.parametrize("key", [b"", b"two words", b"x" * 256, "schlüssel".encode()])
    async def test_has_a_key_that_can_be_read(self, market: Market, key: bytes) -> None:
        user = await make_user(market)
        headers: Any = {NAME: key}
        response = await user.post("/cleanings", DRAFT, headers=headers)
        check_problem(response, 422, "invalid")
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("header", NAME)

    async def test_has_one_key(self, market: Market) -> None:
        user = await make_user(market)
        headers = [("Authorization", f"Bearer {user.token}"), (NAME, "one"), (NAME, "other")]
        response = await market.client.post("/cleanings", json=DRAFT, headers=headers)
        check_problem(response, 422, "invalid")
        assert await posted(user) == 0

    @pytest.mark.parametrize("key", ["!", "~" * 255, '"8e03978e"', "a,b"])
    async def test_may_have_any_that_can_be_read(self, market: Market, key: str) -> None:
        user = await make_user(market)
        first, again = [await user.post("/cleanings", DRAFT, headers={NAME: key}) for _ in range(2)]
        check_same(first, again)


class TestWhoIsShownAnAnswerAgain:
    @pytest.mark.parametrize("end", [expire_login, log_out, delete_account, block])
    async def test_of_an_offer_is_no_caller_without_a_session(
        self, market: Market, end: Any
    ) -> None:
        job, user = await make_cleaning(market), await make_user(market)
        made = await user.post(f"{job.path}/offers", {"price": "50.00"}, headers=KEYED)
        assert made.status_code == 201
        await end(market, user)
        for price in ("50.00", "45.00"):
            again = await user.post(f"{job.path}/offers", {"price": price}, headers=KEYED)
            check_problem(again, 401, "unauthenticated")

    @pytest.mark.parametrize("end", [expire_login, log_out, delete_account])
    async def test_is_nobody_whose_session_has_ended(self, market: Market, end: Any) -> None:
        user = await make_user(market)
        assert (await post(user)).status_code == 201
        await end(market, user)
        check_problem(await post(user), 401, "unauthenticated")

    async def test_is_nobody_who_is_blocked(self, market: Market) -> None:
        user = await make_user(market)
        assert (await post(user)).status_code == 201
        await block(market, user)
        check_problem(await post(user), 401, "unauthenticated")

    async def test_is_the_same_user_in_another_session(self, market: Market) -> None:
        member = await make_member(market)
        login, _ = await make_login(market, member)
        check_same(await post(member), await post(login))

    async def test_is_a_program_if_it_has_the_scope(self, market: Market) -> None:
        user = await make_user(market)
        first = await post(user)
        key = await make_api_key(market, user, scopes=[CleaningScope.READ])
        check_problem(await post(key.program), 403, "insufficient_scope")
        key = await make_api_key(market, user, scopes=[CleaningScope.WRITE])
        check_same(first, await post(key.program))

    async def test_is_staff_no_longer_than_they_are(self, market: Market) -> None:
        staff, user = await make_user(market, role=UserRole.STAFF), await make_user(market)
        path, grounds = f"/admin/users/{user.id}/block", {"reason": "Spam"}
        assert (await staff.post(path, grounds, headers=KEYED)).status_code == 200
        await market.app.state.database.fetch(
            "UPDATE users SET role = 'user' WHERE id = $1", [staff.id]
        )
        check_problem(await staff.post(path, grounds, headers=KEYED), 403, "staff_only")


class TestARefusal:
    async def test_is_given_again_though_it_would_go_through_by_now(self, market: Market) -> None:
        booking = await make_booking(market)
        path, stars = f"{booking.path}/evaluation", {"overall_rating": 5}
        refused = await booking.owner.post(path, stars, headers=KEYED)
        check_problem(refused, 409, "booking_not_finished")
        await booking.owner.post(f"{booking.path}/completion")
        check_same(refused, await booking.owner.post(path, stars, headers=KEYED))
        assert (await booking.owner.post(path, stars)).status_code == 201

    @pytest.mark.parametrize(
        ("path", "version", "code"),
        [
            ("{job}/cancellation", '"7"', "precondition_failed"),
            ("/cleanings/01900000-0000-7000-8000-000000000000/offers", "*", "cleaning_not_found"),
            ("{job}/offers", "*", "own_cleaning"),
        ],
    )
    async def test_of_any_kind_is_given_again(
        self, market: Market, path: str, version: str, code: str
    ) -> None:
        job = await make_cleaning(market)
        headers = {**KEYED, "If-Match": version}
        first, again = [
            await job.owner.post(path.format(job=job.path), headers=headers) for _ in range(2)
        ]
        assert first.json()["code"] == code
        check_same(first, again)

    @pytest.mark.parametrize("path", ["/cleanings", "/cleanings/not-an-id/cancellation"])
    async def test_of_what_is_malformed_leaves_the_key_free(
        self, market: Market, path: str
    ) -> None:
        user = await make_user(market)
        check_problem(await user.post(path, {"colour": "red"}, headers=KEYED), 422, "invalid")
        assert (await post(user)).status_code == 201

    async def test_that_will_pass_leaves_the_key_free(self, market: Market) -> None:
        limits = market.safeguards.limits
        market.set_limit("mails_per_address", 0)
        refused = await market.client.post("/users", json=NEWCOMER, headers=KEYED)
        market.replace_safeguards(limits=limits)
        check_problem(refused, 429, "too_many_requests")
        response = await market.client.post("/users", json=NEWCOMER, headers=KEYED)
        assert response.status_code == 201


class TestARequestOfNobody:
    async def test_is_known_by_where_it_comes_from(self, market: Market) -> None:
        home, cafe = market_from(market, "203.0.113.7"), market_from(market, "198.51.100.20")
        first, again, from_elsewhere = [
            await place.client.post("/users", json=NEWCOMER, headers=KEYED)
            for place in (home, home, cafe)
        ]
        check_same(first, again)
        check_problem(from_elsewhere, 409, "email_taken")

    async def test_that_is_another_needs_another_key(self, market: Market) -> None:
        assert (await market.client.post("/users", json=NEWCOMER, headers=KEYED)).is_success
        draft = NEWCOMER | {"username": "another"}
        response = await market.client.post("/users", json=draft, headers=KEYED)
        check_problem(response, 422, "idempotency_key_reused")

    async def test_that_is_refused_leaves_nothing_behind(self, market: Market) -> None:
        path = "/auth/email-verification/confirmation"
        response = await market.client.post(path, json={"token": "x"}, headers=KEYED)
        check_problem(response, 422, "invalid_link")
        assert await market.app.state.database.fetch("SELECT FROM idempotency_keys", ()) == []

    async def test_does_not_tell_that_an_address_is_taken(self, market: Market) -> None:
        user = await make_user(market, email_verified_at=now())
        with verifying(market):
            draft = NEWCOMER | {"email": user.email}
            first, again = [
                await market.client.post("/users", json=draft, headers=KEYED) for _ in range(2)
            ]
        check_same(first, again)


class TestWhatIsKept:
    async def test_is_good_for_a_day(self, market: Market) -> None:
        user = await make_user(market)
        await post(user)
        database = market.app.state.database
        (row,) = await database.fetch("SELECT * FROM idempotency_keys", ())
        assert row["expires_at"] == row["used_at"] + timedelta(hours=24)
        await database.fetch("UPDATE idempotency_keys SET expires_at = now()", ())
        response = await post(user)
        assert response.status_code == 201
        assert "Idempotency-Replayed" not in response.headers
        assert await posted(user) == 2
        check_same(response, await post(user))

    async def test_is_neither_the_key_nor_what_anybody_can_read(self, market: Market) -> None:
        user = await make_user(market)
        response = await post(user)
        (row,) = await market.app.state.database.fetch("SELECT * FROM idempotency_keys", ())
        kept = row["hash"] + row["answer"]
        for word in (KEY, DRAFT["name"], response.json()["id"]):
            assert word.encode() not in kept

    async def test_is_erased_with_the_account(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        await post(user)
        await post(other)
        await user.delete("/users/me")
        rows = await market.app.state.database.fetch("SELECT user_id FROM idempotency_keys", ())
        assert [row["user_id"] for row in rows] == [other.id]

    async def test_is_told_to_its_owner(self, market: Market) -> None:
        user = await make_user(market)
        await post(user)
        (used,) = (await user.get("/users/me/export")).json()["idempotency_keys"]
        assert used.keys() == {"used_at"}

    async def test_outlasts_a_change_of_the_secret(self, market: Market) -> None:
        user = await make_user(market)
        bearer = market.safeguards.access_tokens.read(user.token)
        old, new = "the first secret of this service", "the next secret of this service!"
        answers = []
        for present, previous in ((old, ""), (new, old), (new, "")):
            options = {"secret_key": present, "secret_key_previous": previous}
            async with another_process(market, **options) as process:
                token = process.safeguards.access_tokens.issue(bearer)
                answers.append(await post(replace(user, client=process.client, token=token)))
        check_same(*answers[:2])
        check_problem(answers[2], 422, "idempotency_key_reused")
        assert await posted(user) == 1
