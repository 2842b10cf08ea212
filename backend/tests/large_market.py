"""A market with large tables, in which one user has thousands of rows."""

from tests.factories.users import Actor, Market, make_user

ROWS = 20_000
PEOPLE = 1_001
PATIENCE = 120.0  # seconds for each statement that fills the tables

STAR = "star"
"""A user with thousands of offers, bookings and evaluations; almost all others have few."""


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

INSERT INTO categories (id, parent_id, parent_tier, tier, slug, name, names, position, active,
    version, created_at, updated_at)
SELECT {id_of("n")}, CASE WHEN n > 1 THEN {id_of("1")} END, CASE WHEN n > 1 THEN 1 END,
    CASE WHEN n > 1 THEN 2 ELSE 1 END, 'service-' || n, 'Service', '{{}}', greatest(n - 1, 1), true,
    1, now(), now()
FROM generate_series(1, 5) n;

INSERT INTO cleanings (id, owner_id, name, description, price, currency, area, area_key, category,
    status, starts_at, terms_revision, created_at, updated_at, version)
SELECT id, owner_id, (ARRAY['Oven', 'Window', 'Attic'])[n % 3 + 1] || ' scrub',
    'Job number ' || n || CASE WHEN n < {ROWS} / 2 THEN ' before Easter' ELSE '' END,
    n % 300 + 1, CASE n % 400 WHEN 2 THEN 'CHF' ELSE 'EUR' END, 'Area ' || n % 50,
    'area ' || n % 50, 'service-' || n % 3 + 2 + (n % 1000)::boolean::int, status,
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
