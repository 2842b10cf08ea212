"""Bodies of requests: how large they may be, in which format, and what they may not do."""

from collections.abc import AsyncIterator

import pytest
from httpx import Response

from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market, make_user

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DRAFT = '{"name": "Oven scrub", "price": "50.00"}'
LIMIT = 1_000_000


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


async def post(user: Actor, content: str, kind: str | None = "application/json") -> Response:
    """Posts a job."""
    headers = {"Content-Type": kind} if kind else {}
    return await user.request("POST", "/cleanings", content=content, headers=headers)


class TestLargeBodies:
    async def test_are_read_up_to_a_limit(self, user: Actor) -> None:
        assert (await post(user, DRAFT.ljust(LIMIT))).status_code == 201

    async def test_are_refused_by_what_is_said_of_them(self, user: Actor) -> None:
        response = await post(user, DRAFT.ljust(LIMIT + 1))
        assert response.status_code == 413
        assert response.json()["code"] == "content_too_large"

    async def test_are_refused_while_they_are_read(self, user: Actor) -> None:
        read = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal read
            while True:
                read += 100_000
                yield b" " * 100_000

        response = await user.request("POST", "/cleanings", content=endless(), headers=JSON)
        assert response.status_code == 413
        assert read <= LIMIT + 200_000

    async def test_are_refused_as_forms_too(self, market: Market) -> None:
        form = {"username": "anna", "password": "x" * LIMIT}
        response = await market.client.post("/auth/token", data=form)
        assert response.status_code == 413


class TestFormats:
    @pytest.mark.parametrize(
        "kind", ["application/json", "Application/JSON; charset=utf-8", "application/merge+json"]
    )
    async def test_of_json_are_taken(self, user: Actor, kind: str) -> None:
        assert (await post(user, DRAFT, kind)).status_code == 201

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json", ""]
    )
    async def test_of_others_are_refused(self, user: Actor, kind: str) -> None:
        response = await post(user, DRAFT, kind or "application/")
        assert response.status_code == 415
        assert response.json()["code"] == "unsupported_media_type"

    async def test_of_json_are_refused_where_a_form_is_wanted(self, market: Market) -> None:
        response = await market.client.post("/auth/token", json={"username": "anna"})
        assert response.status_code == 415

    async def test_of_files_are_refused(self, user: Actor) -> None:
        files = {"file": ("jobs.json", DRAFT, "application/json")}
        for path in ("/cleanings", "/auth/token"):
            response = await user.request("POST", path, files=files)
            assert response.status_code == 415

    async def test_of_nothing_are_all_the_same(self, market: Market, user: Actor) -> None:
        job = await make_cleaning(market)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = await user.request("POST", f"{job.path}/offers", content="", headers=headers)
        assert response.status_code == 201


class TestStrangeBodies:
    @pytest.mark.parametrize(
        "content",
        [
            '{"name": "Oven scrub", "price": "50.00", "price": "1.00"}',
            '{"name": "Oven scrub", "price": {"price": 1, "price": 2}}',
        ],
    )
    async def test_that_say_two_things_are_refused(self, user: Actor, content: str) -> None:
        response = await post(user, content)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["message"]) == ("price", "It is given twice.")

    async def test_that_say_two_things_are_refused_in_every_json_format(self, user: Actor) -> None:
        response = await post(user, '{"price": 1, "price": 2}', "application/merge+json")
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == "It is given twice."

    async def test_are_refused_like_queries_that_say_two_things(self, user: Actor) -> None:
        response = await user.get("/cleanings?limit=1&limit=5")
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("query", "limit")
        assert error["message"] == "It is given twice."

    @pytest.mark.parametrize(
        ("content", "twice"),
        [
            ("username=anna&username=ben&password=x", "username"),
            ("username=anna&password=x&pass%77ord=x", "password"),
            ("username=anna&password=x&otp=&otp=123456", "otp"),
            ("username=anna&password=x&scope=a&scope=b", "scope"),
        ],
    )
    async def test_are_refused_like_forms_that_say_two_things(
        self, market: Market, content: str, twice: str
    ) -> None:
        response = await market.client.post("/auth/token", content=content, headers=FORM)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("body", twice)
        assert error["message"] == "It is given twice."

    async def test_with_a_name_that_is_no_text_are_refused(self, user: Actor) -> None:
        response = await post(user, r'{"\ud800": 1, "\ud800": 2}')
        assert response.status_code == 422

    async def test_with_very_many_fields_are_refused(self, user: Actor) -> None:
        fields = ", ".join(f'"field{n}": {n}' for n in range(10_000))
        response = await post(user, f"{{{fields}}}")
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 1

    async def test_with_very_many_parameters_are_refused(self, market: Market) -> None:
        form = {f"parameter{n}": "x" for n in range(10_000)}
        response = await market.client.post("/auth/token", data=form)
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 1

    async def test_are_not_complained_of_at_length(self, user: Actor) -> None:
        fields = ", ".join(f'"field{n}": {n}' for n in range(99))
        response = await post(user, f"{{{fields}}}")
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 20

    @pytest.mark.parametrize("pair", ["[]", ('{"a":', "}")])
    async def test_that_are_deep_are_refused(self, user: Actor, pair: tuple[str, str]) -> None:
        begin, end = pair
        response = await post(user, begin * 100_000 + end * 100_000)
        assert response.status_code == 422
