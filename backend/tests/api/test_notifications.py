"""Notifications: reading them, how far they were read, and how long they are kept."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.repositories.housekeeping import HousekeepingRepository
from app.db.repositories.notifications import NotificationRepository
from app.postgres.hosts import LONGEST_PREPARED
from app.postgres.transactions import Transaction
from tests.factories.notifications import make_notification, notifications, notify
from tests.factories.offers import make_offer
from tests.factories.scenes import make_scene
from tests.factories.users import Actor, Market, make_user
from tests.invariants import assert_invariants
from tests.stories import GROUNDS


async def delete_expired(transaction: Transaction) -> int:
    """Deletes what is no longer kept."""
    return await HousekeepingRepository(transaction).delete_expired()


def test_are_stored_by_a_statement_that_the_driver_keeps() -> None:
    assert len(NotificationRepository.storing.compiled.sql) < LONGEST_PREPARED


class TestReading:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        for path in ("/notifications", "/notifications/read-mark"):
            assert (await client.get(path)).status_code == 401

    async def test_shows_the_event_with_its_actor_and_its_job(self, market: Market) -> None:
        offer = await make_notification(market)
        (shown,) = await offer.owner.items("/notifications")
        assert shown["actor"]["username"] == offer.cleaner.username
        assert shown == {
            "position": shown["position"],
            "kind": "offer_received",
            "group": "offers",
            "unread": True,
            "subject": "offer",
            "subject_id": offer.data["id"],
            "actor": shown["actor"],
            "cleaning_id": offer.job.data["id"],
            "cleaning": {
                "name": offer.job.data["name"],
                "starts_at": offer.job.data["starts_at"],
                "status": "open",
            },
            "booking_id": None,
            "package": None,
            "thread": None,
            "reported": None,
            "reason": None,
            "rule": None,
            "created_at": shown["created_at"],
        }

    async def test_shows_the_newest_first_in_pages(self, market: Market) -> None:
        job = (await make_offer(market)).job
        for _ in range(4):
            await make_offer(market, job)
        await notify(market)
        shown = await job.owner.items("/notifications", limit=2)
        positions = [it["position"] for it in shown]
        assert len(positions) == 5
        assert positions == sorted(positions, reverse=True)

    async def test_names_no_job_that_the_caller_can_not_see(self, market: Market) -> None:
        scene = await make_scene(market, "owner reject_offer, staff hide_cleaning")
        await notify(market)
        (shown,) = await notifications(scene.offers["cleaner"].cleaner)
        assert shown["cleaning"] is None
        *_, shown = await notifications(scene.job.owner)
        assert shown["cleaning"]["name"] == scene.job.data["name"]

    async def test_shows_the_reason_but_not_who_of_the_staff_it_was(self, market: Market) -> None:
        scene = await make_scene(market, "staff hide_cleaning")
        await notify(market)
        *_, shown = await notifications(scene.job.owner)
        assert (shown["kind"], shown["actor"]) == ("job_hidden", None)
        assert (shown["reason"], shown["rule"]) == (GROUNDS["reason"], "terms")

    async def test_belongs_to_one_user(self, market: Market) -> None:
        offer = await make_notification(market)
        assert await notifications(offer.cleaner) == []
        assert await notifications(await make_user(market)) == []


async def mark(actor: Actor, position: int) -> dict[str, int]:
    """Marks notifications as read, and returns the read mark."""
    response = await actor.put("/notifications/read-mark", {"position": position})
    assert response.status_code == 200
    marked: dict[str, int] = response.json()
    assert (await actor.get("/notifications/read-mark")).json() == marked
    return marked


class TestMarking:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        response = await client.put("/notifications/read-mark", json={"position": 1})
        assert response.status_code == 401

    async def test_of_a_user_who_was_told_nothing_changes_nothing(self, market: Market) -> None:
        assert await mark(await make_user(market), 7) == {"position": 0, "unread": 0}

    async def test_counts_what_is_behind_the_mark(self, market: Market) -> None:
        job = (await make_offer(market)).job
        for _ in range(2):
            await make_offer(market, job)
        await notify(market)
        first, second, third = [it["position"] for it in await notifications(job.owner)]
        assert (await job.owner.get("/notifications/read-mark")).json()["unread"] == 3
        assert await mark(job.owner, second) == {"position": second, "unread": 1}
        unread = await job.owner.items("/notifications", unread="true")
        assert [it["position"] for it in unread] == [third]
        assert [it["unread"] for it in await notifications(job.owner)] == [False, False, True]
        assert await mark(job.owner, first) == {"position": second, "unread": 1}
        await assert_invariants(market.app)

    async def test_ends_at_the_last_notification(self, market: Market) -> None:
        offer = await make_notification(market)
        (shown,) = await notifications(offer.owner)
        assert await mark(offer.owner, 2**53 - 1) == {"position": shown["position"], "unread": 0}
        await make_offer(market, offer.job)
        await notify(market)
        assert (await offer.owner.get("/notifications/read-mark")).json()["unread"] == 1

    @pytest.mark.parametrize("position", [-1, 2**53, "7", None, 1.5])
    async def test_takes_positions_only(self, market: Market, position: Any) -> None:
        actor = await make_user(market)
        response = await actor.put("/notifications/read-mark", {"position": position})
        assert response.status_code == 422

    @pytest.mark.committed
    async def test_counts_exactly_while_others_are_stored(self, market: Market) -> None:
        async def read() -> None:
            for _ in range(10):
                newest = (await job.owner.get("/notifications")).json()["items"][0]
                await mark_only(newest["position"])

        async def mark_only(position: int) -> None:
            response = await job.owner.put("/notifications/read-mark", {"position": position})
            assert response.status_code == 200

        async def offer() -> None:
            for _ in range(10):
                await make_offer(market, job)
                await notify(market)

        job = (await make_notification(market)).job
        await asyncio.gather(read(), offer(), read(), offer())
        await notify(market)
        assert len(await notifications(job.owner)) == 21
        await assert_invariants(market.app)


class TestKeeping:
    async def test_deletes_them_with_the_account(self, market: Market) -> None:
        scene = await make_scene(market, "owner edit_cleaning")
        await notify(market)
        await scene.play("cleaner delete_user")
        rows = await market.app.state.database.fetch("SELECT user_id FROM notification_boxes", ())
        assert scene.offers["cleaner"].cleaner.id not in {row["user_id"] for row in rows}
        await assert_invariants(market.app)

    async def test_deletes_those_that_an_erasure_has_missed(self, market: Market) -> None:
        offer = await make_notification(market)
        await offer.owner.delete("/users/me")
        database = market.app.state.database
        late = "INSERT INTO notifications SELECT $1, position, event_id, $2, now() FROM stream"
        await database.fetch(late, [offer.owner.id, "offer_received"])
        box = "INSERT INTO notification_boxes VALUES ($1, 0, 1)"
        await database.fetch(box, [offer.owner.id])
        await database.run(delete_expired)
        await assert_invariants(market.app)

    async def test_deletes_them_after_a_year(self, market: Market) -> None:
        job = (await make_notification(market)).job
        for table in ("events", "notifications"):
            await market.app.state.database.fetch(
                f"UPDATE {table} SET created_at = now() - interval '366 days'",  # noqa: S608
                (),
            )
        await make_offer(market, job)
        await notify(market)
        await market.app.state.database.run(delete_expired)
        assert len(await notifications(job.owner)) == 1
        assert (await job.owner.get("/notifications/read-mark")).json()["unread"] == 1
        await assert_invariants(market.app)
