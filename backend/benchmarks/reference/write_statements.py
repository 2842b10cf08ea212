# ruff: noqa: S608 (all parts of the statements are our own)
"""The reference's statements that write, and those that read for a write."""

from benchmarks.reference.fragments import LIVE, SHARED, STATUS

CALLER = f"""
SELECT 1 FROM users u JOIN sessions s ON s.user_id = u.id WHERE {LIVE} FOR SHARE OF u"""

HAS_BLOCKED = """
SELECT EXISTS (
    SELECT FROM blocks WHERE (blocker_id, blocked_id) IN (($1::uuid, $2::uuid), ($2, $1))
)"""

CALLER_IN_CATEGORY = f"""
SELECT 1 FROM users u JOIN sessions s ON s.user_id = u.id, categories
WHERE {LIVE} AND slug = $3 AND active FOR KEY SHARE OF u"""

ADD_TO_CATEGORY = """
INSERT INTO category_deltas (id, category, owner_id, jobs, packages)
SELECT $1, $2, $3, CASE WHEN blocked_at IS NULL THEN $4::integer ELSE 0 END, 0
FROM users WHERE id = $3"""

ADD_EVENT = """
WITH event AS (
    INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
)
INSERT INTO outbox (event_id) SELECT id FROM event"""

ADD_JOB = r"""
INSERT INTO cleanings (id, owner_id, name, description, cleaning_type, price, currency, starts_at,
    duration, area, address, category, area_key, status, terms_revision, created_at, updated_at,
    version, search, search_revision, language, words_revision)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', 1, $14, $14, 1,
    to_tsvector('english', translate($3::varchar || ' ' || coalesce($4::varchar, ''),
        '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))), 1, 'en', 1)"""

LOCK_VISIBLE_JOB = f"""
SELECT c.owner_id::text, {STATUS} AS status, c.price, c.currency, c.terms_revision
FROM cleanings c JOIN users o ON o.id = c.owner_id
WHERE c.id = $1 AND c.deleted_at IS NULL AND o.blocked_at IS NULL
    AND (c.hidden_at IS NULL OR c.owner_id = $2) AND {SHARED}
FOR NO KEY UPDATE OF c"""

ADD_OFFER = """
INSERT INTO offers (cleaning_id, id, cleaner_id, price, message, currency, status, terms_revision,
    created_at, updated_at, version)
VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $8, 1)"""

LOCK_JOB = f"""
SELECT owner_id::text, {STATUS} AS status, terms_revision, hidden_at,
    json_build_object('name', name,
    'description', description, 'cleaning_type', cleaning_type, 'price', price::text,
    'currency', currency, 'starts_at', starts_at, 'duration', duration, 'area', area,
    'address', address, 'category', category, 'extras', extras)::text AS terms, category, language
FROM cleanings c WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE"""

LOCK_OFFER = """
SELECT cleaner_id::text, status, price, currency, terms_revision, version, hidden_at
FROM offers WHERE cleaning_id = $1 AND id = $2 FOR NO KEY UPDATE"""

HOLD_OFFERER = """
SELECT u.blocked_at FROM users u JOIN offers f ON f.cleaner_id = u.id
WHERE f.cleaning_id = $1 AND f.id = $2 FOR KEY SHARE OF u"""

BOOK = """
UPDATE cleanings SET status = 'booked', version = version + 1, updated_at = $2 WHERE id = $1"""

ACCEPT = """
UPDATE offers SET status = 'accepted', version = version + 1, updated_at = $3
WHERE cleaning_id = $1 AND id = $2"""

ADD_BOOKING = """
WITH RECURSIVE line AS (
    SELECT id, parent_id, slug, tier FROM categories WHERE slug = $8::jsonb ->> 'category'
    UNION ALL SELECT c.id, c.parent_id, c.slug, c.tier
        FROM categories c JOIN line ON line.parent_id = c.id
), items AS (
    SELECT DISTINCT ON (code) code, position, coalesce(texts ->> $10::text, text) AS text, tier
    FROM checklist_items JOIN line ON slug = category ORDER BY code, tier DESC
)
INSERT INTO bookings (cleaning_id, id, offer_id, owner_id, cleaner_id, price, currency, terms,
    status, created_at, updated_at, version, language, checklist)
SELECT $1, $2, $3, $4, $5, $6, $7, $8::jsonb, 'scheduled', $9, $9, 1, $10, (
    SELECT coalesce(jsonb_agg(jsonb_build_object('number', number, 'code', code, 'text', text,
        'done_at', NULL) ORDER BY number), '[]')
    FROM (
        SELECT row_number() OVER (ORDER BY tier, position, code) AS number, code, text FROM items
    ) numbered
)"""

SUPERSEDE = """
WITH superseded AS (
    UPDATE offers SET status = 'superseded', version = version + 1, updated_at = $2
    WHERE cleaning_id = $1 AND status = 'pending' RETURNING id, cleaning_id, price
), event AS (
    INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload, created_at)
    SELECT overlay(gen_random_uuid()::text PLACING left($4, 15) FROM 1 FOR 15)::uuid, $3, 'offer',
        id, 'superseded', cleaning_id, jsonb_build_object('price', price::text), $2
    FROM superseded RETURNING id
)
INSERT INTO outbox (event_id) SELECT id FROM event"""

CREDENTIALS = """
SELECT id::text, password_hash, pending_until IS NOT NULL AS pending, EXISTS (
        SELECT FROM known_addresses WHERE user_id = users.id AND address_hash = $2
    ) AS address_known,
    EXISTS (SELECT FROM known_addresses WHERE user_id = users.id) AND NOT EXISTS (
        SELECT FROM known_addresses WHERE user_id = users.id AND address_hash = $2
    ) OR EXISTS (SELECT FROM known_devices WHERE user_id = users.id) AND NOT EXISTS (
        SELECT FROM known_devices WHERE user_id = users.id AND device_hash = $3
    ) AS unfamiliar
FROM users
WHERE (email_key = $1 OR username_key = $1)
    AND blocked_at IS NULL AND inactive_at IS NULL AND deleted_at IS NULL
ORDER BY pending_until NULLS FIRST, id DESC LIMIT 1"""

COUNT_TRIES = """
INSERT INTO throttles (key, count, resets_at)
SELECT key, greatest($3, 0), now() + make_interval(secs => seconds)
FROM unnest($1::bytea[], $2::integer[]) AS tried (key, seconds) ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN throttles.resets_at <= now() THEN excluded.count
        ELSE greatest(throttles.count + $3, 0) END,
    resets_at = CASE WHEN throttles.resets_at <= now() THEN excluded.resets_at
        ELSE throttles.resets_at END
RETURNING key, count, resets_at"""

HOLD_ACCOUNT = """
SELECT id FROM users WHERE id = $1 AND password_hash = $2
    AND blocked_at IS NULL AND inactive_at IS NULL AND deleted_at IS NULL FOR KEY SHARE"""

SECOND_FACTOR = "SELECT * FROM second_factors WHERE user_id = $1 FOR UPDATE"

ADD_SESSION = """
INSERT INTO sessions (id, user_id, device, address, created_at, authenticated_at, second_factor,
    refreshed_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $5, false, $5, $6)"""

ADD_REFRESH_TOKEN = """
INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES ($1, $2, $3)"""  # noqa: S105 (SQL)

ADD_AUDIT_ENTRY = """
INSERT INTO audit (id, action, actor_id, user_id, network, request_id, details, created_at)
VALUES ($1, 'signed_in', $2, $2, $3, $4, $5, $6)"""

KNOW_ADDRESS = """
INSERT INTO known_addresses (user_id, address_hash, used_at) VALUES ($1, $2, now())
ON CONFLICT (user_id, address_hash) DO UPDATE SET used_at = now()"""

KNOW_DEVICE = """
INSERT INTO known_devices (user_id, device_hash, used_at) VALUES ($1, $2, now())
ON CONFLICT (user_id, device_hash) DO UPDATE SET used_at = now()"""

ADD_NOTICE = """
INSERT INTO tasks (id, kind, payload, attempts, due_at, created_at)
VALUES ($1, 'notice', $2, 0, $3, $3)"""
