"""Jobs: posted, read and edited."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking
from tests.factories.categories import make_category
from tests.factories.cleanings import TERMS, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user

OTHER_TERMS: dict[str, Any] = {
    "name": "Cellar",
    "description": "It is dark there",
    "cleaning_type": "dust_up",
    "price": "80.01",
    "currency": "SEK",
    "starts_at": "2100-05-17T09:00:01+00:00",
    "duration": 91,
    "area": "Harbour",
    "address": "4 Mill Lane",
    "category": "cellars",
}
LINES = [
    "</script><script>alert(1)</script>",
    """'; DROP TABLE cleanings; -- "quoted" \\ and \\u0041""",
    "%41 &amp; %s {0} ${x} {{7*7}}",
]
CAN_BE_EMPTY = ["description", "starts_at", "duration", "area", "address", "category"]


class TestPostingAJob:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.post("/cleanings", json=TERMS)).status_code == 401

    async def test_needs_no_more_than_a_name_and_a_price(self, market: Market) -> None:
        owner = await make_user(market)
        response = await owner.post("/cleanings", {"name": "Oven scrub", "price": "49.90"})
        assert response.status_code == 201
        job = response.json()
        assert job == {
            "id": job["id"],
            "created_at": job["created_at"],
            "updated_at": job["updated_at"],
            "name": "Oven scrub",
            "price": "49.90",
            "cleaning_type": "spot_clean",
            "currency": "EUR",
            "language": "en",
            "extras": [],
            "description": None,
            "starts_at": None,
            "duration": None,
            "area": None,
            "address": None,
            "category": None,
            "status": "open",
            "booking_id": None,
            "cancellation_reason": None,
            "owner": {
                "id": str(owner.id),
                "username": owner.username,
                "full_name": owner.username.title(),
                "bio": None,
                "image": None,
                "picture": None,
                "rating": {"average": None, "total": 0},
            },
            "photo": None,
            "photos": [],
            "my_offer": None,
            "offer_count": 0,
            "offer_counts": {
                "pending": 0,
                "accepted": 0,
                "rejected": 0,
                "withdrawn": 0,
                "superseded": 0,
            },
            "hidden": False,
            "order_id": None,
            "revision": 1,
        }

    async def test_keeps_all_that_is_given(self, market: Market) -> None:
        job = await make_cleaning(market, **TERMS)
        assert TERMS.items() <= job.data.items()

    @pytest.mark.parametrize("text", LINES)
    async def test_keeps_a_name_as_it_is_written(self, market: Market, text: str) -> None:
        assert (await make_cleaning(market, name=text)).data["name"] == text

    @pytest.mark.parametrize("text", [*LINES, "a\r\nSet-Cookie: b\u2028c\u202ed\x7f"])
    async def test_keeps_a_description_as_it_is_written(self, market: Market, text: str) -> None:
        assert (await make_cleaning(market, description=text)).data["description"] == text

    async def test_is_found_where_its_location_says(self, market: Market) -> None:
        owner = await make_user(market)
        posted = await owner.post("/cleanings", TERMS)
        found = await owner.get(posted.headers["Location"].removeprefix("/api/v1"))
        assert found.json() == posted.json()
        assert found.headers["ETag"] == posted.headers["ETag"]

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("12", "12.00"),
            (12, "12.00"),
            (12.1, "12.10"),
            ("0.01", "0.01"),
            ("99999999.99", "99999999.99"),
        ],
    )
    async def test_takes_money_as_text_or_number(
        self, market: Market, given: str | float, shown: str
    ) -> None:
        job = await make_cleaning(market, price=given)
        assert job.data["price"] == shown

    async def test_takes_times_of_any_zone(self, market: Market) -> None:
        job = await make_cleaning(market, starts_at="2100-05-17T09:00:00.25+02:00")
        assert job.data["starts_at"] == "2100-05-17T07:00:00.25+00:00"

    async def test_the_database_has_the_same_default(self, market: Market) -> None:
        job = await make_cleaning(market)
        row = await market.app.state.database.fetch(
            "INSERT INTO cleanings (id, owner_id, name, price, currency, status, terms_revision,"
            " created_at, updated_at, version)"
            " SELECT $1, owner_id, name, price, currency, status, 1, now(), now(), 1"
            " FROM cleanings WHERE id = $2 RETURNING cleaning_type",
            [uuid4(), job.data["id"]],
        )
        assert row[0]["cleaning_type"] == "spot_clean"


class TestReadingAJob:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(f"/cleanings/{uuid4()}")).status_code == 401

    async def test_that_does_not_exist(self, market: Market) -> None:
        response = await (await make_user(market)).get(f"/cleanings/{uuid4()}")
        assert (response.status_code, response.json()["code"]) == (404, "cleaning_not_found")

    async def test_its_version_is_not_changed_by_offers(self, market: Market) -> None:
        offer = await make_offer(market)
        found = await offer.owner.get(offer.job.path)
        assert found.headers["ETag"] == offer.job.etag

    async def test_a_cleaner_sees_their_own_offer(self, market: Market) -> None:
        offer = await make_offer(market)
        rival = await make_offer(market, offer.job)
        assert (await offer.cleaner.get(offer.job.path)).json()["my_offer"] == offer.data
        assert (await rival.cleaner.get(offer.job.path)).json()["my_offer"] == rival.data
        for other in (offer.owner, await make_user(market)):
            assert (await other.get(offer.job.path)).json()["my_offer"] is None

    async def test_the_owner_sees_how_many_offers_there_are(self, market: Market) -> None:
        job = await make_cleaning(market)
        accepted, rejected, withdrawn, *_ = [await make_offer(market, job) for _ in range(5)]
        await job.owner.post(f"{rejected.path}/rejection")
        await withdrawn.cleaner.post(f"{withdrawn.path}/withdrawal")
        counts = {"pending": 3, "accepted": 0, "rejected": 1, "withdrawn": 1, "superseded": 0}
        shown = (await job.owner.get(job.path)).json()
        assert (shown["offer_count"], shown["offer_counts"]) == (3, counts)
        await make_booking(market, accepted)
        counts = {"pending": 0, "accepted": 1, "rejected": 1, "withdrawn": 1, "superseded": 2}
        shown = (await job.owner.get(job.path)).json()
        assert (shown["offer_count"], shown["offer_counts"]) == (1, counts)

    async def test_others_see_how_many_are_still_in_question(self, market: Market) -> None:
        offer = await make_offer(market)
        withdrawn = await make_offer(market, offer.job)
        await withdrawn.cleaner.post(f"{withdrawn.path}/withdrawal")
        for other in (offer.cleaner, await make_user(market)):
            shown = (await other.get(offer.job.path)).json()
            assert (shown["offer_count"], shown["offer_counts"]) == (1, None)


class TestEditingAJob:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.patch(f"/cleanings/{uuid4()}", json={})).status_code == 401

    @pytest.mark.parametrize("field", TERMS)
    async def test_changes_one_field(self, market: Market, field: str) -> None:
        await make_category(market, slug=OTHER_TERMS["category"])
        job = await make_cleaning(market, **TERMS)
        response = await job.owner.patch(job.path, {field: OTHER_TERMS[field]})
        assert response.status_code == 200
        edited = response.json()
        changed = {field: OTHER_TERMS[field], "updated_at": edited["updated_at"], "revision": 2}
        assert edited == job.data | changed
        assert edited["updated_at"] > job.data["updated_at"]
        assert response.headers["ETag"] != job.etag
        assert (await job.owner.get(job.path)).json() == edited

    async def test_null_empties_a_field(self, market: Market) -> None:
        await make_category(market, slug=OTHER_TERMS["category"])
        job = await make_cleaning(market, **OTHER_TERMS)
        edited = (await job.owner.patch(job.path, dict.fromkeys(CAN_BE_EMPTY))).json()
        assert {edited[field] for field in CAN_BE_EMPTY} == {None}

    @pytest.mark.parametrize("field", sorted(TERMS.keys() - set(CAN_BE_EMPTY)))
    async def test_null_is_refused_where_a_value_is_needed(
        self, market: Market, field: str
    ) -> None:
        job = await make_cleaning(market)
        response = await job.owner.patch(job.path, {field: None, "area": "Harbour"})
        assert response.status_code == 422
        assert [error["field"] for error in response.json()["errors"]] == [field]
        assert (await job.owner.get(job.path)).json() == job.data

    @pytest.mark.parametrize(
        "changes",
        [{}, {"name": " Windows ", "price": 80, "starts_at": "2100-05-17T11:00:00+02:00"}, TERMS],
    )
    async def test_without_a_change_leaves_no_trace(
        self, market: Market, changes: dict[str, Any]
    ) -> None:
        job = await make_cleaning(market, **TERMS)
        offer = await make_offer(market, job)
        feed = await job.owner.items("/feed/cleanings")
        response = await job.owner.patch(job.path, changes)
        assert response.status_code == 200
        assert response.headers["ETag"] == job.etag
        assert response.json()["updated_at"] == job.data["updated_at"]
        assert await job.owner.items(f"{job.path}/revisions") == []
        assert await job.owner.items("/feed/cleanings") == feed
        assert (await offer.cleaner.get(offer.path)).json() == offer.data

    async def test_makes_offers_outdated(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.patch(offer.job.path, {"address": "4 Mill Lane"})
        shown = (await offer.cleaner.get(offer.path)).json()
        assert shown == offer.data | {"outdated": True}

    async def test_of_a_version_that_is_no_more(self, market: Market) -> None:
        job = await make_cleaning(market)
        match = {"If-Match": job.etag}
        first = await job.owner.patch(job.path, {"name": "Windows"}, headers=match)
        second = await job.owner.patch(job.path, {"name": "Cellar"}, headers=match)
        assert first.status_code == 200
        assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
        assert (await job.owner.get(job.path)).json()["name"] == "Windows"

    @pytest.mark.parametrize("match", ["*", '"0", {etag}', "{etag}"])
    async def test_of_any_version_that_is_named(self, market: Market, match: str) -> None:
        job = await make_cleaning(market)
        headers = {"If-Match": match.format(etag=job.etag)}
        response = await job.owner.patch(job.path, {"name": "Windows"}, headers=headers)
        assert response.status_code == 200

    async def test_is_for_its_owner(self, market: Market) -> None:
        offer = await make_offer(market)
        for other in (offer.cleaner, await make_user(market)):
            response = await other.patch(offer.job.path, {"price": "900.00"})
            assert (response.status_code, response.json()["code"]) == (403, "not_owner")

    async def test_while_it_is_booked(self, market: Market) -> None:
        booking = await make_booking(market)
        response = await booking.owner.patch(booking.job.path, {"price": "1.00"})
        problem = response.json()
        assert (response.status_code, problem["code"]) == (409, "cleaning_not_open")
        assert (problem["state"], problem["allowed"]) == ("booked", ["open"])
