"""Packages: many requests at once, each on a connection of its own."""

from collections import Counter

import pytest

from app.db.models.packages import MOST_PER_SELLER
from tests.factories.packages import TERMS, make_draft, make_package
from tests.factories.users import Market, make_user
from tests.hiding import GROUNDS
from tests.races import TRIES, outcome, race
from tests.staff import make_staff

pytestmark = [pytest.mark.committed, pytest.mark.usefixtures("rules_hold")]


class TestStock:
    async def test_changed_by_many_adds_up(self, market: Market) -> None:
        package = await make_package(market, stock=0)
        seller, path = package.seller, f"{package.path}/stock"
        for attempt in range(TRIES):
            changes = (3, -2, 5, -1, 4)
            responses = await race(attempt, *(seller.post(path, {"by": by}) for by in changes))
            done = [by for by, it in zip(changes, responses, strict=True) if it.is_success]
            refused = {it.json()["code"] for it in responses if not it.is_success}
            assert refused <= {"stock_out_of_range"}
            data = (await seller.get(package.path)).json()
            assert data["stock"] == data["offered"] == sum(done)
            await seller.post(path, {"by": -sum(done)})

    async def test_changed_during_an_edit_keeps_both(self, market: Market) -> None:
        package = await make_package(market, stock=0)
        seller = package.seller
        for attempt in range(1, TRIES + 1):
            responses = await race(
                attempt,
                seller.post(f"{package.path}/stock", {"by": 1}),
                seller.patch(package.path, {"description": f"No. {attempt}"}),
            )
            assert outcome(*responses) == [200, 200]
            data = (await seller.get(package.path)).json()
            assert (data["stock"], data["revision"]) == (attempt, attempt + 1)
            assert data["description"] == f"No. {attempt}"


class TestDrafting:
    async def test_many_at_once_stops_at_the_limit(self, market: Market) -> None:
        for attempt in range(TRIES // 5):
            package = await make_draft(market)
            async with market.app.state.database.write() as transaction:
                await transaction.fetch(
                    "WITH more AS (INSERT INTO packages SELECT (jsonb_populate_record(it, "
                    "jsonb_build_object('id', gen_random_uuid()))).* FROM packages it, "
                    "generate_series(1, $2) WHERE id = $1 RETURNING id, seller_id) "
                    ", told AS (INSERT INTO events (id, actor_id, subject, subject_id, kind, "
                    "payload, created_at) SELECT gen_random_uuid(), seller_id, 'package', id, "
                    "'created', '{}', now() FROM more RETURNING id) "
                    "INSERT INTO outbox SELECT id FROM told",
                    [package.data["id"], MOST_PER_SELLER - 3],
                )
            responses = await race(
                attempt, *(package.seller.post("/packages", TERMS) for _ in range(5))
            )
            assert Counter(outcome(*responses)) == {201: 2, "too_many_packages": 3}


class TestSelling:
    @pytest.mark.parametrize("step", ["make", "publish"])
    async def test_against_a_block_of_the_account(self, market: Market, step: str) -> None:
        staff = await make_staff(market)
        for attempt in range(TRIES):
            package = await make_draft(market)
            seller = package.seller
            selling = (
                seller.post("/packages", TERMS)
                if step == "make"
                else seller.post(f"{package.path}/publication")
            )
            responses = await race(
                attempt, staff.post(f"/admin/users/{seller.id}/block", GROUNDS), selling
            )
            assert outcome(*responses)[0] == 200
            assert outcome(*responses)[1] in (
                201,
                200,
                "unauthenticated",
                "package_not_publishable",
            )

    async def test_against_the_deletion_of_the_account(self, market: Market) -> None:
        for attempt in range(TRIES):
            seller = await make_user(market)
            package = await make_draft(market, seller)
            responses = await race(
                attempt,
                seller.delete("/users/me"),
                seller.post(f"{package.path}/publication"),
            )
            assert outcome(*responses) in ([204, 200], [204, "unauthenticated"])

    async def test_twice_publishes_once(self, market: Market) -> None:
        seller = await make_user(market)
        for attempt in range(TRIES):
            path = f"{(await make_draft(market, seller)).path}/publication"
            responses = await race(attempt, seller.post(path), seller.post(path))
            assert Counter(outcome(*responses)) == {200: 1, "package_not_publishable": 1}
