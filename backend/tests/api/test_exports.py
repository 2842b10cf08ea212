"""Exports: all that is held of somebody, for themselves."""

import asyncio
import tracemalloc
from typing import Any

import pytest
from httpx import AsyncClient
from starlette.types import Message

from app.core.clients import Client
from app.core.security.tokens import Bearer
from app.db.models.kinds.administration import AdministrationAction
from app.db.repositories.audit import AuditRepository
from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.sessions import make_login, make_member
from tests.factories.users import Actor, Market, make_user

PATH = "/users/me/export"


async def export_of(actor: Actor) -> dict[str, Any]:
    response = await actor.get(PATH)
    assert response.status_code == 200
    content: dict[str, Any] = response.json()
    return content


async def record(market: Market, actor: Actor | None, user: Actor, reason: str) -> None:
    """Writes into the audit that somebody was blocked."""
    async with market.app.state.database.write() as transaction:
        AuditRepository(transaction).record(
            AdministrationAction.BLOCKED,
            Client("198.51.100.7", None, f"of-{reason}"),
            actor_id=actor.id if actor else None,
            user_id=user.id,
            reason=reason,
        )


class TestExporting:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get(PATH)).status_code == 401

    async def test_gives_a_file_that_nobody_keeps(self, market: Market) -> None:
        response = await (await make_user(market)).get(PATH)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Content-Disposition"] == 'attachment; filename="export.json"'
        assert response.headers["Cache-Control"] == "no-store"

    async def test_of_somebody_who_has_done_nothing(self, market: Market) -> None:
        user = await make_user(market)
        content = await export_of(user)
        assert content["account"]["username"] == user.username
        assert content["profile"]["full_name"] == user.username.title()
        (session,) = content["sessions"]
        assert session["current"]
        (entry,) = content["audit"]
        assert (entry["action"], entry["by_oneself"]) == ("account_exported", True)
        (event,) = content["events"]
        assert (event["subject"], event["kind"]) == ("user", "created")
        lists = ("ratings", "known_addresses", "cleanings", "offers", "bookings")
        assert [content[name] for name in lists] == [[]] * len(lists)

    async def test_tells_where_somebody_is_logged_in(self, market: Market) -> None:
        member = await make_member(market)
        await make_login(market, member, **{"User-Agent": "Elsewhere"})
        content = await export_of(member)
        assert [session["device"] for session in content["sessions"]] == [None, "Elsewhere"]
        assert len(content["known_addresses"]) == 1

    async def test_holds_each_job_with_its_earlier_wordings(self, market: Market) -> None:
        job = await make_cleaning(market, name="First", address="3 Mill Lane")
        for name in ("Second", "Third"):
            await job.owner.patch(job.path, {"name": name})
        other = await make_cleaning(market, job.owner)
        await job.owner.delete(other.path)
        third, deleted = (await export_of(job.owner))["cleanings"]
        assert (third["name"], third["address"]) == ("Third", "3 Mill Lane")
        wordings = [revision["terms"]["name"] for revision in third["revisions"]]
        assert wordings == ["First", "Second"]
        assert deleted["deleted_at"]

    async def test_holds_both_sides_of_bookings(self, market: Market) -> None:
        user = await make_user(market)
        as_owner = await make_booking(
            market, await make_offer(market, await make_cleaning(market, user))
        )
        as_cleaner = await make_booking(market, await make_offer(market, cleaner=user))
        bookings = (await export_of(user))["bookings"]
        assert [(booking["role"], booking["other_side"]) for booking in bookings] == [
            ("owner", as_owner.cleaner.username),
            ("cleaner", as_cleaner.owner.username),
        ]

    async def test_holds_what_both_sides_said_of_each_other(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        await make_evaluation(market, booking, booking.owner, headline="Spotless")
        await make_evaluation(market, booking, booking.cleaner, headline="Generous")
        for side, given, received in (
            (booking.owner, "Spotless", "Generous"),
            (booking.cleaner, "Generous", "Spotless"),
        ):
            (found,) = (await export_of(side))["bookings"]
            assert found["evaluation_given"]["headline"] == given
            assert found["evaluation_received"]["headline"] == received

    async def test_holds_nothing_of_others_that_they_may_not_see(self, market: Market) -> None:
        job = await make_cleaning(market, address="3 Mill Lane")
        mine = await make_offer(market, job, message="My words")
        await make_offer(market, job, message="Words of a rival")
        booking = await make_booking(market, mine)
        text = (await booking.cleaner.get(PATH)).text
        assert "My words" in text
        assert "Words of a rival" not in text
        assert "3 Mill Lane" not in text
        assert job.owner.email not in text

    async def test_does_not_tell_who_of_the_staff_did_something(self, market: Market) -> None:
        user, staff = await make_user(market), await make_user(market)
        await record(market, staff, user, "spam")
        await record(market, None, user, "robbery")
        by_staff, by_nobody, _ = (await export_of(user))["audit"]
        assert by_staff["details"] == {"reason": "spam"}
        assert not by_staff["by_oneself"]
        assert by_staff["network"] is by_staff["request_id"] is None
        assert by_nobody["network"] == "198.51.100.0/24"
        assert str(staff.id) not in (await user.get(PATH)).text

    async def test_tells_staff_what_they_did_but_not_to_whom(self, market: Market) -> None:
        user, staff = await make_user(market), await make_user(market)
        await record(market, staff, user, "spam")
        response = await staff.get(PATH)
        done, _ = response.json()["audit"]
        assert (done["action"], done["by_oneself"], done["details"]) == ("blocked", True, None)
        assert done["network"] == "198.51.100.0/24"
        assert str(user.id) not in response.text

    async def test_is_written_down(self, market: Market) -> None:
        user = await make_user(market)
        await export_of(user)
        rows = await market.app.state.database.fetch(
            "SELECT action, user_id FROM audit WHERE actor_id = $1", [user.id]
        )
        assert [tuple(row) for row in rows] == [("account_exported", user.id)]


class TestHowOften:
    @pytest.fixture
    def twice_a_day(self, market: Market) -> None:
        market.set_limit("exports_per_account", 2, 86400)

    @pytest.mark.usefixtures("twice_a_day")
    async def test_is_limited_for_each_account(self, market: Market) -> None:
        user = await make_user(market)
        statuses = [(await user.get(PATH)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert (await (await make_user(market)).get(PATH)).status_code == 200

    @pytest.mark.usefixtures("twice_a_day")
    async def test_counts_nothing_without_a_login(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        bearer = market.safeguards.access_tokens.read(user.token)
        stolen = market.safeguards.access_tokens.issue(Bearer(bearer.user_id, other.id))
        for _ in range(3):
            headers = {"Authorization": f"Bearer {stolen}"}
            assert (await market.client.get(PATH, headers=headers)).status_code == 401
        assert (await user.get(PATH)).status_code == 200


ROWS = 20_000
MANY = f"""
INSERT INTO events (id, actor_id, subject, subject_id, kind, payload, created_at)
SELECT gen_random_uuid(), $1, 'cleaning', gen_random_uuid(), 'created',
    jsonb_build_object('note', repeat('x', 200) || n), now()
FROM generate_series(1, {ROWS}) n
"""  # noqa: S608 (all parts are our own)


async def sent(market: Market, user: Actor) -> int:
    """How many bytes an export has, of which nobody keeps any."""
    size = 0

    async def send(message: Message) -> None:
        nonlocal size
        size += len(message.get("body", b""))

    async def receive() -> Message:
        nothing: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await nothing

    headers = [(b"authorization", f"Bearer {user.token}".encode())]
    path = f"/api/v1{PATH}"
    asked = {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    await market.app({"type": "http", **asked, "headers": headers}, receive, send)
    return size


class TestALargeExport:
    async def test_is_never_held_whole(self, market: Market) -> None:
        user = await make_user(market)
        await market.app.state.database.fetch(MANY, [user.id])
        tracemalloc.start()
        try:
            size = await sent(market, user)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert size > ROWS * 400
        assert peak < size / 3
