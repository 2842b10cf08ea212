"""Request bodies: their size, their format, and malformed content."""

from collections.abc import AsyncIterator

import pytest
from httpx import Response

from app.http.bodies import LINGER_SIZE
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market, make_user

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DRAFT = '{"name": "Oven scrub", "price": "50.00"}'
LIMIT, OF_STRANGERS = 128 * 1024, 16 * 1024
CHUNK = 100_000


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
                read += CHUNK
                yield b" " * CHUNK

        response = await user.request("POST", "/cleanings", content=endless(), headers=JSON)
        assert response.status_code == 413
        assert response.headers["Connection"] == "close"
        assert read <= LIMIT + LINGER_SIZE + 2 * CHUNK

    @pytest.mark.parametrize(("size", "status"), [(OF_STRANGERS, 422), (OF_STRANGERS + 1, 413)])
    async def test_are_smaller_where_no_login_is_needed(
        self, market: Market, size: int, status: int
    ) -> None:
        content = "username=nobody&password=".ljust(size, "x")
        response = await market.client.post("/auth/token", content=content, headers=FORM)
        assert response.status_code == status


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


@pytest.mark.usefixtures("way")
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
        assert (error["field"], error["message"]) == ("price", "Duplicate field.")

    async def test_that_say_two_things_are_refused_in_every_json_format(self, user: Actor) -> None:
        response = await post(user, '{"price": 1, "price": 2}', "application/merge+json")
        assert response.status_code == 422
        assert response.json()["errors"][0]["message"] == "Duplicate field."

    async def test_are_refused_like_queries_that_say_two_things(self, user: Actor) -> None:
        response = await user.get("/cleanings?limit=1&limit=5")
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["field"]) == ("query", "limit")
        assert error["message"] == "Duplicate parameter."

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
        assert error["message"] == "Duplicate parameter."

    async def test_with_a_name_that_is_no_text_are_refused(self, user: Actor) -> None:
        response = await post(user, r'{"\ud800": 1, "\ud800": 2}')
        assert response.status_code == 422

    async def test_with_very_many_fields_are_refused(self, user: Actor) -> None:
        fields = ", ".join(f'"field{n}": {n}' for n in range(5_000))
        response = await post(user, f"{{{fields}}}")
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 1

    async def test_with_very_many_parameters_are_refused(self, market: Market) -> None:
        form = {f"parameter{n}": "x" for n in range(1_000)}
        response = await market.client.post("/auth/token", data=form)
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 1

    async def test_with_very_many_items_are_refused(self, user: Actor) -> None:
        content = f'{{"name": [{", ".join("1" * 101)}]}}'
        response = await post(user, content)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["message"]) == ("name", "Too many items.")

    async def test_with_more_items_than_a_list_takes_are_refused(self, user: Actor) -> None:
        draft = {"name": "Calendar", "scopes": ["x"] * 100}
        response = await user.post("/users/me/api-keys", draft)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["code"]) == ("scopes", "too_long")

    async def test_with_a_number_of_very_many_digits_are_refused(self, user: Actor) -> None:
        response = await post(user, f'{{"price": {"9" * 5000}}}')
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["message"] == "A number has too many digits."

    async def test_are_refused_like_queries_with_very_many_parameters(self, user: Actor) -> None:
        query = "&".join(f"{n}=1" for n in range(101))
        response = await user.get(f"/cleanings?{query}")
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["location"], error["message"]) == ("query", "Too many parameters.")

    async def test_are_not_repeated_at_length(self, user: Actor) -> None:
        response = await post(user, f'{{"{"x" * 100_000}": 1}}')
        assert response.status_code == 422
        assert len(response.content) < 2_000

    async def test_are_not_complained_of_at_length(self, user: Actor) -> None:
        fields = ", ".join(f'"field{n}": {n}' for n in range(99))
        response = await post(user, f"{{{fields}}}")
        assert response.status_code == 422
        assert len(response.json()["errors"]) == 20

    @pytest.mark.parametrize("depth", [11, 900, 5_000])
    @pytest.mark.parametrize("pair", ["[]", ('{"starts_at":', "}")])
    async def test_that_are_deep_are_refused(
        self, user: Actor, pair: tuple[str, str], depth: int
    ) -> None:
        begin, end = pair
        response = await post(user, begin * depth + "1" + end * depth)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert error["message"] == "Nested too deeply."
