"""Accounts: registered, read, changed."""

import asyncio

import pytest
from httpx import AsyncClient

from app.db.models.users import UserPublic
from tests.audit import audited
from tests.factories.sessions import log_in, make_login, make_member, refresh, register
from tests.factories.users import PASSWORD, Market, change_email, make_user

NEW_PASSWORD = "a harbour in summer"


class TestRegistering:
    async def test_gives_the_account(self, market: Market) -> None:
        response = await register(
            market, email="Anna@Example.com", username="Anna_Ark-1", full_name="Anna Ark"
        )
        assert response.status_code == 201
        user = response.json()
        assert user["email"] == "Anna@example.com"
        assert user["username"] == "Anna_Ark-1"
        assert user["full_name"] == "Anna Ark"
        assert user["email_verified"] is False
        assert user.keys() == set(UserPublic.model_fields)

    async def test_is_found_where_its_location_says(self, market: Market) -> None:
        registered = await register(market, username="anna")
        tokens = (await log_in(market, "anna")).json()
        response = await market.client.get(
            registered.headers["Location"].removeprefix("/api/v1"),
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
        )
        assert response.json() == registered.json()

    async def test_makes_the_profile(self, market: Market) -> None:
        await register(market, username="anna", full_name="Anna Ark")
        profile = (await (await make_user(market)).get("/profiles/anna")).json()
        assert profile["full_name"] == "Anna Ark"
        assert profile["bio"] is None

    async def test_needs_no_full_name(self, market: Market) -> None:
        assert (await register(market)).json()["full_name"] is None

    async def test_keeps_no_password(self, market: Market) -> None:
        await register(market, username="anna")
        rows = await market.app.state.database.fetch(
            "SELECT password_hash FROM users WHERE username = 'anna'", ()
        )
        assert rows[0]["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")

    @pytest.mark.parametrize("email", ["anna@example.com", "ANNA@Example.COM"])
    async def test_with_an_email_address_that_is_taken(self, market: Market, email: str) -> None:
        await register(market, email="anna@example.com")
        response = await register(market, email=email)
        assert response.status_code == 409
        assert response.json()["code"] == "email_taken"

    @pytest.mark.parametrize("username", ["anna", "aNNa"])
    async def test_with_a_username_that_is_taken(self, market: Market, username: str) -> None:
        await register(market, username="anna")
        response = await register(market, username=username)
        assert response.status_code == 409
        assert response.json()["code"] == "username_taken"

    @pytest.mark.parametrize(
        "email", ["anna@house.local", "anna@some.test", "ben@shop.invalid", "jürgen@bücher.example"]
    )
    async def test_with_an_unusual_email_address(self, market: Market, email: str) -> None:
        response = await register(market, email=email)
        assert response.status_code == 201
        assert response.json()["email"] == email

    @pytest.mark.parametrize("username", ["abc", "x" * 32, "_-_", "007"])
    async def test_with_an_unusual_username(self, market: Market, username: str) -> None:
        assert (await register(market, username=username)).json()["username"] == username

    @pytest.mark.parametrize(
        "password",
        ["8 chars!", "x" * 63 + " é " + "y" * 62, "correct horse", " a\tb\r\nc\0d ", "&=;+%41 #?"],
    )
    async def test_with_an_unusual_password(self, market: Market, password: str) -> None:
        await register(market, username="anna", password=password)
        assert (await log_in(market, "anna", password)).status_code == 200

    @pytest.mark.parametrize("password", ["password123", "BaseBall", "12345678", "x" * 7, ""])
    async def test_with_a_password_that_is_easily_guessed(
        self, market: Market, password: str
    ) -> None:
        response = await register(market, password=password)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["password"]
        assert password not in response.text or not password

    @pytest.mark.parametrize("password", ["annaark-1", "Ark2026!", "anna@example.com"])
    async def test_with_a_password_made_of_ones_own_names(
        self, market: Market, password: str
    ) -> None:
        names = {"username": "anna", "email": "anna@example.com", "full_name": "Anna Ark"}
        response = await register(market, password=password, **names)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["password"]

    async def test_says_everything_that_is_wrong_at_once(self, market: Market) -> None:
        response = await market.client.post("/users", json={"email": "anna", "username": "x"})
        errors = response.json()["errors"]
        assert [error["field"] for error in errors] == ["email", "username", "password"]

    @pytest.mark.parametrize("username", ["support", "Adm1n", "staff_2", "deleted-account"])
    async def test_with_a_name_of_the_service(self, market: Market, username: str) -> None:
        for response in (
            await register(market, username=username),
            await (await make_user(market)).patch("/users/me", {"username": username}),
        ):
            assert response.status_code == 409
            assert response.json()["code"] == "username_reserved"

    async def test_with_a_taken_address_in_another_spelling(self, market: Market) -> None:
        await register(market, email="zoë@bücher.example")
        for email in ("ZOE\N{COMBINING DIAERESIS}@BÜCHER.example", "zoë@xn--bcher-kva.example"):
            assert (await register(market, email=email)).json()["code"] == "email_taken"

    async def test_is_written_down(self, market: Market) -> None:
        user = (await register(market)).json()
        rows = await market.app.state.database.fetch(
            "SELECT subject, kind, actor_id::text FROM events WHERE subject_id = $1", [user["id"]]
        )
        assert [tuple(row) for row in rows] == [("user", "created", user["id"])]

    @pytest.mark.committed
    async def test_of_one_name_twice_at_once(self, market: Market) -> None:
        responses = await asyncio.gather(
            *(register(market, username=name) for name in ("anna", "Anna", "ANNA", "anna"))
        )
        assert sorted(response.status_code for response in responses) == [201, 409, 409, 409]


class TestReadingOnesAccount:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/users/me")).status_code == 401

    async def test_shows_it(self, market: Market) -> None:
        user = await make_user(market)
        response = await user.get("/users/me")
        assert response.status_code == 200
        assert response.headers["ETag"] == '"1"'
        assert response.json()["id"] == str(user.id)
        assert response.json()["email"] == user.email


class TestChangingOnesAccount:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.patch("/users/me", json={})).status_code == 401

    async def test_email_address_and_username(self, market: Market) -> None:
        user = await make_member(market)
        changes = {"email": "new@example.com", "username": "new-name"}
        proof = {"current_password": PASSWORD}
        response = await user.patch("/users/me", changes | proof)
        assert response.status_code == 200
        assert response.json() == (await user.get("/users/me")).json()
        assert response.json().items() >= changes.items()
        assert (await log_in(market, "new-name")).status_code == 200
        assert (await log_in(market, user.username)).status_code == 401

    async def test_to_another_language(self, market: Market) -> None:
        user = await make_user(market)
        assert (await user.get("/users/me")).json()["language"] is None
        for language in ("de", None):
            response = await user.patch("/users/me", {"language": language})
            assert (response.status_code, response.json()["language"]) == (200, language)
        for language in ("xx", "deu", ""):
            assert (await user.patch("/users/me", {"language": language})).status_code == 422

    async def test_to_ones_own_name_in_another_case(self, market: Market) -> None:
        user = await make_user(market, username="anna")
        response = await user.patch("/users/me", {"username": "Anna"})
        assert response.json()["username"] == "Anna"

    @pytest.mark.parametrize(
        ("field", "value"), [("email", "BEN@example.com"), ("username", "Ben")]
    )
    async def test_to_a_name_that_is_taken(self, market: Market, field: str, value: str) -> None:
        await make_user(market, email="ben@example.com", username="ben")
        user = await make_user(market)
        changes = {field: value, "current_password": PASSWORD}
        response = await user.patch("/users/me", changes)
        assert response.status_code == 409
        assert response.json()["code"] == f"{field}_taken"

    async def test_honours_if_match(self, market: Market) -> None:
        user = await make_user(market)
        first = {"If-Match": '"1"'}
        response = await user.patch("/users/me", {"username": "anna"}, headers=first)
        assert response.headers["ETag"] == '"2"'
        response = await user.patch("/users/me", {"username": "berta"}, headers=first)
        assert response.status_code == 412
        assert response.json()["code"] == "precondition_failed"
        assert (await user.get("/users/me")).json()["username"] == "anna"

    async def test_to_nothing_new_changes_nothing(self, market: Market) -> None:
        user = await make_user(market)
        before = await user.get("/users/me")
        response = await user.patch("/users/me", {"username": user.username})
        assert response.headers["ETag"] == before.headers["ETag"]
        assert response.json() == before.json()

    @pytest.mark.committed
    async def test_twice_at_once_with_one_version(self, market: Market) -> None:
        member = await make_member(market)
        changes = {"password": NEW_PASSWORD, "current_password": PASSWORD}
        responses = await asyncio.gather(
            *(member.patch("/users/me", changes, headers={"If-Match": '"1"'}) for _ in range(4))
        )
        assert sorted(response.status_code for response in responses) == [200, 412, 412, 412]


class TestChangingOnesAddress:
    @pytest.mark.parametrize("current", [{}, {"current_password": ""}])
    async def test_without_the_password(self, market: Market, current: dict[str, str]) -> None:
        member = await make_member(market)
        response = await member.patch("/users/me", {"email": "new@example.com", **current})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["current_password"]
        assert (await member.get("/users/me")).json()["email"] == member.email

    async def test_with_a_wrong_password(self, market: Market) -> None:
        member = await make_member(market)
        response = await change_email(member, "new@example.com", "a lighthouse in spring")
        assert response.status_code == 403
        assert response.json()["code"] == "wrong_password"
        assert (await member.get("/users/me")).json()["email"] == member.email
        assert await audited(market, member.id) == [("password_check_failed", None)]

    async def test_to_the_one_that_it_is(self, market: Market) -> None:
        member = await make_member(market)
        response = await member.patch("/users/me", {"email": member.email})
        assert response.status_code == 200


class TestChangingOnesPassword:
    async def test_takes_the_current_one(self, market: Market) -> None:
        member = await make_member(market)
        response = await member.patch(
            "/users/me", {"password": NEW_PASSWORD, "current_password": PASSWORD}
        )
        assert response.status_code == 200
        assert (await log_in(market, member.username)).status_code == 401
        assert (await log_in(market, member.username, NEW_PASSWORD)).status_code == 200

    async def test_with_a_wrong_one(self, market: Market) -> None:
        member = await make_member(market)
        changes = {"password": NEW_PASSWORD, "current_password": "a lighthouse in spring"}
        response = await member.patch("/users/me", {**changes, "username": "other"})
        assert response.status_code == 403
        assert response.json()["code"] == "wrong_password"
        assert await audited(market, member.id) == [("password_check_failed", None)]
        assert (await log_in(market, member.username)).status_code == 200

    @pytest.mark.committed
    async def test_twice_at_once(self, market: Market) -> None:
        member = await make_member(market)
        changes = {"password": NEW_PASSWORD, "current_password": PASSWORD}
        responses = await asyncio.gather(*(member.patch("/users/me", changes) for _ in range(2)))
        assert sorted(response.status_code for response in responses) == [200, 403]
        said = sorted(action for action, _ in await audited(market, member.id))
        assert said == ["password_changed", "password_check_failed"]

    @pytest.mark.parametrize("current", [{}, {"current_password": ""}])
    async def test_without_it(self, market: Market, current: dict[str, str]) -> None:
        member = await make_member(market)
        response = await member.patch("/users/me", {"password": NEW_PASSWORD, **current})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["current_password"]

    @pytest.mark.parametrize("password", ["Annaliese1", "Rosalinde1", "Lighthouse1"])
    async def test_to_one_made_of_ones_own_names(self, market: Market, password: str) -> None:
        member = await make_member(market, username="annaliese")
        await member.patch("/profiles/me", {"full_name": "Rosalinde Ark"})
        changes = {"password": password, "current_password": PASSWORD, "username": "lighthouse"}
        response = await member.patch("/users/me", changes)
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == ["password"]

    async def test_ends_all_other_sessions(self, market: Market) -> None:
        member = await make_member(market)
        other, refresh_token = await make_login(market, member)
        changes = {"password": NEW_PASSWORD, "current_password": PASSWORD}
        assert (await member.patch("/users/me", changes)).status_code == 200
        assert (await member.get("/users/me")).status_code == 200
        assert (await other.get("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401
