"""How PostgreSQL finds what is read: by an index, never by looking through a large table."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from app.db.models.fields import now
from app.db.models.users import UserRole
from app.db.repositories.erasure import STATEMENTS
from app.db.repositories.exports import ExportReader
from app.db.repositories.notification_streams import NotificationStreamReader
from app.db.repositories.notifications import NotificationRepository
from app.db.repositories.stream import AT_ONCE
from tests.factories.orders import LATER
from tests.factories.users import Actor, Market, make_user
from tests.features import FEATURES
from tests.large_market import STAR, load
from tests.plans import faults_of, found_faults
from tests.statements import Heard, recorded

pytestmark = pytest.mark.committed

READ_AT_MOST = 400
"""Rows for a page of 20 items."""
EXPORTED_AT_MOST = 600
"""Rows for an export: all of a user, in all tables."""
READ_FOR_A_BATCH = 2_000
"""Rows for the events of a batch, with what they are about and those who are told."""
MERGED_AT_MOST = 1_050
"""Rows for a page of 20 items of five categories, each with its owner, of each of four states."""
SORTED_AT_MOST = 850
"""Rows for a page of 20 items out of the 200 of an area, each with its owner, which are sorted."""
SEARCHED_AT_MOST = 15_000
"""Rows for a search: what it looks through in the worst case, and a page."""


async def faults_of_an_export(market: Market, caller: Actor) -> list[Any]:
    """What is wrong with the plans of an export, of which the driver tells nobody."""
    bearer = market.safeguards.access_tokens.read(caller.token)
    bound = ExportReader.everything.bound(
        {"caller_id": bearer.user_id, "session_id": bearer.session_id}
    )
    return await faults_of(market, "export", Heard(*bound, None), EXPORTED_AT_MOST)


async def faults_of_a_batch(market: Market) -> list[Any]:
    """What is wrong with the plans of the notifications of a batch of events."""
    ((last,),) = await market.app.state.database.fetch("SELECT max(position) FROM stream", ())
    batch = {"first": last - AT_ONCE + 1, "last": last}
    statement = Heard(*NotificationRepository.storing.bound(batch), None)
    return await faults_of(market, "notifications", statement, READ_FOR_A_BATCH)


async def faults_of_a_look(market: Market, caller: Actor) -> list[Any]:
    """What is wrong with the plans of finding the streams that new events concern."""
    state = market.app.state
    ((last,),) = await state.database.fetch("SELECT max(position) FROM stream", ())
    async with recorded(market.app) as heard:
        await NotificationStreamReader(state.database).told([caller.id], last - AT_ONCE)
    (statement,) = heard
    return await faults_of(market, "streams", statement, READ_FOR_A_BATCH)


async def faults_of_a_deletion(market: Market, caller: Actor) -> list[Any]:
    """What is wrong with the plans of all that finds what there is to be erased."""
    async with recorded(market.app) as heard:
        assert (await caller.delete("/users/me")).status_code == 204
    finding = [
        statement
        for statement in heard
        if statement.sql.startswith(("SELECT", "UPDATE", "DELETE"))
        and not isinstance(statement.arguments[0], list)  # one for each of several rows
    ]
    assert len(finding) > len(STATEMENTS)
    found = []
    for statement in finding:
        found += await faults_of(market, statement.sql, statement, READ_AT_MOST)
    return found


async def faults_of_an_order(market: Market, caller: Actor) -> list[Any]:
    """What is wrong with the plans of the locks of an order."""
    offered = (await caller.get("/packages")).json()["items"]
    package = next(it for it in offered if it["stock"] and it["seller_id"] != str(caller.id))
    item = {"package_id": package["id"], "revision": package["revision"]}
    async with recorded(market.app) as heard:
        response = await caller.post("/orders", {"items": [item], "starts_at": LATER})
    assert response.status_code == 201, response.text
    locks = [statement for statement in heard if "NO KEY UPDATE" in statement.sql]
    assert len(locks) == 2
    found = []
    for statement in locks:
        found += await faults_of(market, statement.sql, statement, READ_AT_MOST)
    return found


def read_by_staff(caller: Actor, star: Actor) -> list[str]:
    """What only those who look after the market can read."""
    accounts, audit = "/admin/users", "/admin/audit"
    return [
        accounts,
        f"{accounts}?q=user777",
        f"{accounts}?q=user777&state=active",
        f"{accounts}?role=user",
        f"{accounts}?role=staff",
        f"{accounts}?state=active",
        f"{accounts}?state=blocked&role=user",
        f"{accounts}/{caller.id}",
        "/admin/flagged-messages",
        audit,
        f"{audit}?action=password_changed",
        f"{audit}?action=signed_in&user_id={star.id}",
        f"{audit}?actor_id={caller.id}",
        f"{audit}?until={quote(now().isoformat())}",
        f"{audit}?since=2000-01-01T00:00:00Z",
    ]


async def reading_of(staff: Actor, thread: dict[str, Any]) -> str:
    """The path of the messages of a thread that staff reads."""
    draft = {name: thread[name] for name in ("cleaning_id", "cleaner_id")}
    response = await staff.post("/admin/thread-readings", draft | {"reason": "Fraud"})
    return f"/admin/thread-readings/{response.json()['id']}/messages"


class TestReadingOutOfLargeTables:
    async def test_goes_by_indexes(self, market: Market) -> None:
        caller, star = await load(market)
        page = (await caller.get("/cleanings", params={"sort": "price"})).json()
        newest = (await caller.get("/cleanings")).json()
        within = (await caller.get("/cleanings?category=service-1")).json()
        job = (await caller.get("/cleanings?owner=me")).json()["items"][0]
        booked = (await star.get("/bookings?role=cleaner")).json()["items"][0]
        talked = (await star.get("/threads?role=cleaner")).json()
        spoken = talked["items"][0]
        evaluations = f"/profiles/{STAR}/evaluations"
        soon = quote((now() + timedelta(days=1)).isoformat())
        later = quote((now() + timedelta(days=1, hours=1)).isoformat())
        booking = f"/cleanings/{booked['cleaning_id']}/bookings/{booked['id']}"
        thread = f"/cleanings/{spoken['cleaning_id']}/threads/{spoken['cleaner_id']}"
        talks = [
            f"/threads?role=cleaner&cursor={talked['next_cursor']}",
            thread,
            f"{thread}/messages",
            f"{thread}/messages/2/versions",
        ]
        keyed = [
            f"/cleanings?cursor={newest['next_cursor']}",
            f"/cleanings?sort=price&cursor={page['next_cursor']}",
            f"/cleanings?owner={STAR}&status=any",
            f"/cleanings?owner={STAR}&status=any&min_price=5",
            f"/cleanings?starts_after={soon}&starts_before={later}",
            evaluations,
            f"{evaluations}/stats",
            f"/cleanings/{job['id']}",
            f"/cleanings/{job['id']}/offers",
            f"/cleanings/{job['id']}/revisions",
            f"/profiles/{STAR}",
            "/profiles/me",
            "/users/me",
        ]
        within_categories = [
            "/cleanings?category=service-1",
            f"/cleanings?category=service-1&cursor={within['next_cursor']}",
            "/cleanings?category=service-1&status=any",
            "/cleanings?category=service-1&sort=price",
            "/cleanings?category=service-1&status=any&sort=-price",
            "/cleanings?category=service-1&cleaning_type=spot_clean&min_price=5",
            "/cleanings?category=service-1&area=area+14",
            "/cleanings?category=service-1&owner=me",
            "/cleanings?category=service-2&status=any&sort=oldest",
            "/cleanings?category=service-2&status=any&sort=price",
        ]
        searches = [
            "/cleanings?q=1778",
            "/cleanings?q=scrub",
            "/cleanings?q=scrub&language=de",
            "/cleanings?q=scru",
            "/cleanings?q=attic+east",
            "/cleanings?q=scrub&area=area+14",
            "/cleanings?q=scrub&min_price=103&max_price=103",
            "/cleanings?q=scrub&category=service-1",
            "/cleanings?q=easter",
            "/cleanings?q=easter&owner=me",
            "/cleanings?q=oven+easter",
        ]
        within_areas = [
            "/packages?area=area+13&sort=price",
            "/packages?area=area+13&sort=-price&status=any&cleaner=me",
            "/packages?category=service-1&area=area+13",
        ]
        bad = []
        for path in keyed:
            bad += await found_faults(market, caller, path, READ_AT_MOST)
        for path in (booking, *talks):
            bad += await found_faults(market, star, path, READ_AT_MOST)
        for path in [path for feature in FEATURES for path in feature.lists]:
            for actor in (caller, star):
                bad += await found_faults(market, actor, path, READ_AT_MOST)
        staff = await make_user(market, role=UserRole.STAFF)
        for path in (*read_by_staff(caller, star), await reading_of(staff, spoken)):
            bad += await found_faults(market, staff, path, READ_AT_MOST)
        for path in within_categories:
            bad += await found_faults(market, caller, path, MERGED_AT_MOST)
        for path in within_areas:
            bad += await found_faults(market, caller, path, SORTED_AT_MOST)
        for path in searches:
            bad += await found_faults(market, caller, path, SEARCHED_AT_MOST)
        bad += await faults_of_an_export(market, caller)
        bad += await faults_of_an_order(market, caller)
        bad += await faults_of_a_batch(market)
        bad += await faults_of_a_look(market, caller)
        bad += await faults_of_a_deletion(market, caller)
        assert bad == [], "\n".join(map(str, bad))
