"""How PostgreSQL finds what is read: by an index, never by looking through a large table."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.models.fields import now
from app.db.models.users import UserRole
from app.db.repositories.erasure import STATEMENTS
from app.db.repositories.exports import ExportReader
from tests.factories.users import Actor, Market, make_user
from tests.statements import Heard, recorded

pytestmark = pytest.mark.committed

ROWS = 20_000
PEOPLE = 1_001
PATIENCE = 120.0  # seconds for each statement that fills the tables
READ_AT_MOST = 400
"""Rows for a page of 20 items."""
SEARCHED_AT_MOST = 15_000
"""Rows for a search: what it looks through in the worst case, and a page."""
NEVER = 1e6
"""The cost of a plan for any arguments that is dearer than all plans for known ones."""
STAR = "star"
"""Somebody with thousands of offers, bookings and evaluations; almost all others have few."""
MODES = ("force_custom_plan", "force_generic_plan")


def id_of(number: str) -> str:
    """An expression for a UUIDv7 that is larger, the larger the number."""
    return f"('01900000-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


LOAD = f"""
INSERT INTO users (id, email, email_key, username, username_key, password_hash, role, created_at,
    updated_at, version)
SELECT {id_of("n")}, 'user' || n || '@example.com', 'user' || n || '@example.com', 'user' || n,
    'user' || n, '', 'user', now(), now(), 1
FROM generate_series(1, {ROWS}) n;

INSERT INTO profiles (user_id, full_name, full_name_key, created_at, updated_at, version)
SELECT id, username, username, now(), now(), 1 FROM users ON CONFLICT DO NOTHING;

INSERT INTO sessions
    (id, user_id, device, created_at, authenticated_at, second_factor, refreshed_at, expires_at)
SELECT gen_random_uuid(), id, device, now(), now(), false, now(), now() + interval '1 day'
FROM users, unnest(ARRAY['telephone', 'program']) device
ON CONFLICT DO NOTHING;

INSERT INTO api_keys (id, hash, prefix, name, scopes)
SELECT id, id::text::bytea, 'cmk_', 'Calendar', ARRAY['read:feed']
FROM sessions WHERE device = 'program';

CREATE TEMPORARY TABLE people AS
SELECT id, row_number() OVER (ORDER BY id DESC) - 1 AS place FROM users
ORDER BY id DESC LIMIT {PEOPLE};

CREATE TEMPORARY TABLE jobs AS
SELECT n, {id_of("n")} AS id, owner.id AS owner_id, cleaner.id AS cleaner_id,
    (ARRAY['completed', 'completed', 'open', 'cancelled'])[n % 4 + 1] AS status
FROM generate_series(1, {ROWS}) n
JOIN people owner ON owner.place = n % {PEOPLE}
JOIN people cleaner ON cleaner.place = (n + 7) % {PEOPLE};

UPDATE jobs SET cleaner_id = star.id FROM users star
WHERE star.username = '{STAR}' AND n % 5 = 0 AND owner_id <> star.id;

INSERT INTO cleanings (id, owner_id, name, description, price, currency, area, area_key, status,
    starts_at, terms_revision, created_at, updated_at, version)
SELECT id, owner_id, (ARRAY['Oven', 'Window', 'Attic'])[n % 3 + 1] || ' scrub',
    'Job number ' || n || CASE WHEN n < {ROWS} / 2 THEN ' before Easter' ELSE '' END,
    n % 300 + 1, CASE n % 400 WHEN 2 THEN 'CHF' ELSE 'EUR' END, 'Area ' || n % 50,
    'area ' || n % 50, status,
    now() + n * interval '1 minute', 1, now(), now(), 1
FROM jobs;

UPDATE cleanings SET search_revision = 1,
    search = to_tsvector('english', name || ' ' || description);

INSERT INTO cleaning_revisions (cleaning_id, revision, terms, editor_id, created_at)
SELECT cleanings.id, 1, to_jsonb(terms), owner_id, now()
FROM cleanings, (
    SELECT name, description, cleaning_type, '50.00' AS price, currency, NULL AS starts_at,
        duration, area, address
    FROM cleanings LIMIT 1
) terms;

INSERT INTO offers (cleaning_id, id, cleaner_id, price, currency, status, terms_revision,
    created_at, updated_at, version)
SELECT id, id, cleaner_id, 50, 'EUR',
    CASE status WHEN 'completed' THEN 'accepted' WHEN 'open' THEN 'pending' ELSE 'superseded' END,
    1, now(), now(), 1
FROM jobs;

INSERT INTO bookings (cleaning_id, id, offer_id, owner_id, cleaner_id, price, currency, terms,
    status, created_at, updated_at, ended_at, version)
SELECT id, id, id, owner_id, cleaner_id, 50, 'EUR', terms, status, now(), now(), now(), 1
FROM jobs JOIN cleaning_revisions ON cleaning_id = id WHERE status = 'completed';

INSERT INTO evaluations (cleaning_id, id, booking_id, author_id, subject_id, role,
    overall_rating, no_show, created_at)
SELECT cleaning_id, id, id, owner_id, cleaner_id, 'cleaner', 5, false, now() FROM bookings;

INSERT INTO ratings (user_id, role, total, no_shows, average, overall_rating, professionalism,
    completeness, efficiency)
SELECT id, part, 1, 0, 5, '{{0,0,0,0,1}}', '{{0,0,0,0,0}}', '{{0,0,0,0,0}}', '{{0,0,0,0,0}}'
FROM users, unnest(ARRAY['owner', 'cleaner']) part;

INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload, created_at)
SELECT {id_of("3 * n + part")}, owner_id, (ARRAY['cleaning', 'offer', 'booking'])[part], id,
    'created', id, '{{}}', now()
FROM jobs, generate_series(1, 3) part;

INSERT INTO audit (id, action, actor_id, user_id, network, request_id, details, created_at)
SELECT {id_of("n")}, CASE n % 1000 WHEN 0 THEN 'password_changed' ELSE 'signed_in' END, id, id,
    '192.0.2.0/24', '', '{{}}', now()
FROM generate_series(1, {ROWS}) n JOIN people ON place = n % {PEOPLE};

INSERT INTO known_addresses (user_id, address_hash, used_at)
SELECT id, place::text::bytea, now() FROM users, generate_series(1, 2) place;

INSERT INTO known_devices (user_id, device_hash, used_at)
SELECT id, place::text::bytea, now() FROM users, generate_series(1, 2) place;

INSERT INTO freed_usernames (name_hash, user_id, ends_at)
SELECT id::text::bytea, id, now() FROM users;

INSERT INTO second_factors (user_id, secret, last_step) SELECT id, '', 0 FROM users;

INSERT INTO links (id, user_id, purpose, email, created_at, expires_at)
SELECT gen_random_uuid(), id, 'verify_email', email, now(), now() FROM users;

INSERT INTO idempotency_keys (hash, user_id, used_at, expires_at)
SELECT id::text::bytea, id, now(), now() FROM users;

UPDATE users SET blocked_at = now() WHERE username IN (
    SELECT 'user' || n FROM generate_series(1, 100) n
);

DROP TABLE people, jobs;
"""  # noqa: S608 (all parts are our own)


async def load(market: Market) -> tuple[Actor, Actor]:
    """Fills the tables, and gives one of many who have a part in it, and the star."""
    caller, star = await make_user(market), await make_user(market, username=STAR)
    async with market.app.state.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute("SET statement_timeout = 0")
        await driver.execute(LOAD, timeout=PATIENCE)
        await driver.execute("VACUUM ANALYZE", timeout=PATIENCE)
    return caller, star


def literal(value: Any) -> str:
    """A value as it stands in SQL."""
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


async def explain(app: FastAPI, statement: Heard, mode: str) -> dict[str, Any]:
    """Runs a statement as the driver's prepared statements are run, and gives its plan."""
    arguments = ", ".join(literal(value) for value in statement.arguments)
    async with app.state.engine.connect() as connection:
        await connection.execute(text(f"SET LOCAL plan_cache_mode = {mode}"))
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute(f"PREPARE read AS {statement.sql}")
        rows = await driver.fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE read({arguments})")
        await driver.execute("DEALLOCATE read")
    plan: dict[str, Any] = rows[0][0][0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All parts of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def rows_read(plan: dict[str, Any]) -> float:
    """How many rows the scans of a plan have come across."""
    return float(
        sum(
            node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
            for node in nodes(plan)
            if "Relation Name" in node
        )
    )


def faults(plan: dict[str, Any], read_at_most: int) -> list[str]:
    """What is wrong with a plan."""
    scanned = [
        f"all of {node['Relation Name']}" for node in nodes(plan) if node["Node Type"] == "Seq Scan"
    ]
    # What is sorted comes up from below: if it is no more than may be read, it is no whole table.
    sorted_rows = [
        f"sorts {part['Actual Rows']}"
        for node in nodes(plan)
        if node["Node Type"].endswith("Sort")
        for part in node["Plans"]
        if part["Actual Rows"] > read_at_most
    ]
    rows = rows_read(plan)
    return scanned + sorted_rows + ([f"reads {rows} rows"] if rows > read_at_most else [])


async def found_faults(market: Market, caller: Actor, path: str, read_at_most: int) -> list[Any]:
    """What is wrong with the plans of the statement that answers a request."""
    async with recorded(market.app) as heard:
        response = await caller.get(path)
    assert response.status_code == 200, response.text
    assert response.json().get("items") != [], path
    read = [statement for statement in heard if statement.sql.startswith(("SELECT", "WITH"))]
    return await faults_of(market, path, read[-1], read_at_most)


async def faults_of(market: Market, name: str, statement: Heard, read_at_most: int) -> list[Any]:
    """What is wrong with the plans of a statement."""
    found = []
    for mode in MODES:
        plan = await explain(market.app, statement, mode)
        if plan["Total Cost"] > NEVER:
            assert mode == "force_generic_plan"
            continue
        found += [(name, mode, fault) for fault in faults(plan, read_at_most)]
    return found


async def faults_of_an_export(market: Market, caller: Actor) -> list[Any]:
    """What is wrong with the plans of an export, of which the driver tells nobody."""
    bearer = market.safeguards.access_tokens.read(caller.token)
    bound = ExportReader.everything.bound(
        {"caller_id": bearer.user_id, "session_id": bearer.session_id}
    )
    return await faults_of(market, "export", Heard(*bound, None), READ_AT_MOST)


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
        audit,
        f"{audit}?action=password_changed",
        f"{audit}?action=signed_in&user_id={star.id}",
        f"{audit}?actor_id={caller.id}",
        f"{audit}?until={quote(now().isoformat())}",
        f"{audit}?since=2000-01-01T00:00:00Z",
    ]


class TestReadingOutOfLargeTables:
    async def test_goes_by_indexes(self, market: Market) -> None:
        caller, star = await load(market)
        page = (await caller.get("/cleanings", params={"sort": "price"})).json()
        newest = (await caller.get("/cleanings")).json()
        job = (await caller.get("/cleanings?owner=me")).json()["items"][0]
        booked = (await star.get("/bookings?role=cleaner")).json()["items"][0]
        evaluations = f"/profiles/{STAR}/evaluations"
        soon = quote((now() + timedelta(days=1)).isoformat())
        later = quote((now() + timedelta(days=1, hours=1)).isoformat())
        own = [
            "/offers",
            "/offers?status=superseded",
            "/bookings",
            "/bookings?role=cleaner&status=completed",
        ]
        booking = f"/cleanings/{booked['cleaning_id']}/bookings/{booked['id']}"
        keyed = [
            "/cleanings",
            f"/cleanings?cursor={newest['next_cursor']}",
            "/cleanings?status=any",
            "/cleanings?sort=oldest",
            "/cleanings?sort=-price",
            f"/cleanings?sort=price&cursor={page['next_cursor']}",
            "/cleanings?status=any&sort=price",
            "/cleanings?status=any&sort=-price",
            "/cleanings?owner=me",
            f"/cleanings?owner={STAR}&status=any",
            "/cleanings?cleaning_type=spot_clean",
            "/cleanings?min_price=100&max_price=110&sort=price",
            "/cleanings?min_price=100&max_price=250",
            "/cleanings?min_price=103&max_price=103",
            "/cleanings?currency=CHF",
            "/cleanings?currency=CHF&sort=price",
            "/cleanings?currency=CHF&status=any&sort=-price",
            "/cleanings?currency=CHF&min_price=50&max_price=250",
            "/cleanings?owner=me&sort=price",
            f"/cleanings?owner={STAR}&status=any&min_price=5",
            "/cleanings?area=area+14",
            "/cleanings?area=area+14&sort=price",
            "/cleanings?area=area+14&cleaning_type=spot_clean&min_price=5&max_price=295",
            f"/cleanings?starts_after={soon}&starts_before={later}",
            "/cleanings?q=1778&sort=newest",
            "/cleanings?q=scrub&sort=price",
            "/feed/cleanings",
            *own,
            evaluations,
            f"{evaluations}/stats",
            f"/cleanings/{job['id']}",
            f"/cleanings/{job['id']}/offers",
            f"/cleanings/{job['id']}/revisions",
            f"/profiles/{STAR}",
            "/profiles/me",
            "/users/me",
        ]
        searches = [
            "/cleanings?q=1778",
            "/cleanings?q=scrub",
            "/cleanings?q=scrub&area=area+14",
            "/cleanings?q=scrub&min_price=103&max_price=103",
            "/cleanings?q=easter",
            "/cleanings?q=easter&owner=me",
            "/cleanings?q=oven+easter",
        ]
        bad = []
        for path in keyed:
            bad += await found_faults(market, caller, path, READ_AT_MOST)
        for path in [*own, booking]:
            bad += await found_faults(market, star, path, READ_AT_MOST)
        staff = await make_user(market, role=UserRole.STAFF)
        for path in read_by_staff(caller, star):
            bad += await found_faults(market, staff, path, READ_AT_MOST)
        for path in searches:
            bad += await found_faults(market, caller, path, SEARCHED_AT_MOST)
        bad += await faults_of_an_export(market, caller)
        bad += await faults_of_a_deletion(market, caller)
        assert bad == [], "\n".join(map(str, bad))
