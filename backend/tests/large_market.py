"""A market with large tables, in which one user has thousands of rows."""

from tests.factories.users import Actor, Market, make_user
from tests.features import FEATURES

ROWS = 20_000
PEOPLE = 1_001
PATIENCE = 600.0  # seconds for each statement that fills the tables

STAR = "star"
"""A user with thousands of offers, bookings and evaluations; almost all others have few."""


BASE = f"""
CREATE FUNCTION pg_temp.id_of(number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN ('01900000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

INSERT INTO users (id, email, email_key, username, username_key, password_hash, role, created_at,
    updated_at, version)
SELECT pg_temp.id_of(n), 'user' || n || '@example.com', 'user' || n || '@example.com', 'user' || n,
    'user' || n, '', 'user', now(), now(), 1
FROM generate_series(1, {ROWS}) n;

CREATE TEMPORARY TABLE people AS
SELECT id, row_number() OVER (ORDER BY id DESC) - 1 AS place FROM users
ORDER BY id DESC LIMIT {PEOPLE};

CREATE TEMPORARY TABLE jobs AS
SELECT n, pg_temp.id_of(n) AS id, owner.id AS owner_id, cleaner.id AS cleaner_id,
    (ARRAY['completed', 'completed', 'open', 'cancelled'])[n % 4 + 1] AS status
FROM generate_series(1, {ROWS}) n
JOIN people owner ON owner.place = n % {PEOPLE}
JOIN people cleaner ON cleaner.place = (n + 7) % {PEOPLE};

UPDATE jobs SET cleaner_id = star.id FROM users star
WHERE star.username = '{STAR}' AND n % 5 = 0 AND owner_id <> star.id;
"""  # noqa: S608 (all parts are our own)
"""The users, and temporary tables: `people`, numbered by `place`, and `jobs`, numbered by `n`.

The features insert these jobs, and what belongs to them; `pg_temp.id_of` makes a UUIDv7 that is
larger, the larger the number.
"""

AFTERWARDS = """
UPDATE users SET blocked_at = now() WHERE username IN (
    SELECT 'user' || n FROM generate_series(1, 100) n
);

DROP TABLE people, jobs;
DROP FUNCTION pg_temp.id_of;
"""

LOAD = "\n".join([BASE, *(feature.load for feature in FEATURES), AFTERWARDS])


async def load(market: Market) -> tuple[Actor, Actor]:
    """Fills the tables, and gives one of many who have a part in it, and the star."""
    caller, star = await make_user(market), await make_user(market, username=STAR)
    async with market.app.state.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute("SET statement_timeout = 0")
        await driver.execute(LOAD, timeout=PATIENCE)
        await driver.execute("VACUUM ANALYZE", timeout=PATIENCE)
    return caller, star
