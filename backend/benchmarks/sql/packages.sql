-- The packages: up to 150 of each user, of which two in ten are drafts, five published, one paused
-- and two archived. Each second one has a stock.
CREATE TEMPORARY TABLE sold AS
SELECT n, ms, pg_temp.uuid7(ms, 'package' || n) AS id, pg_temp.person(n % people) AS seller_id,
    status, CASE n % 4
        WHEN 0 THEN (pg_temp.chance(n, 31) % 20)::integer WHEN 2 THEN 1000000 END AS stock,
    pg_temp.pick(pg_temp.manners(), pg_temp.chance(n, 32)) || ' ' || thing || ' '
        || pg_temp.pick(pg_temp.actions(), pg_temp.chance(n, 33)) AS name,
    'I clean your ' || thing || '. ' || pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 34))
        || ' ' || pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 35)) AS description,
    CASE WHEN n % 10 > 0 THEN pg_temp.pick(pg_temp.areas(), pg_temp.chance(n, 36)) END AS area
FROM (
    SELECT n, people, pg_temp.beginning() + 31536000000 / total * n AS ms
    FROM market, least(jobs / 5, people * 150) total, generate_series(0, total - 1) n
) numbers, LATERAL pg_temp.pick(
    '{draft,draft,published,published,published,published,published,paused,archived,archived}',
    pg_temp.chance(n, 37)
) status, LATERAL pg_temp.pick(pg_temp.things(), pg_temp.chance(n, 38)) thing;

INSERT INTO packages (id, seller_id, name, description, category, price, currency, duration, area,
    area_key, status, revision, stock, offered, created_at, updated_at, version, language, search,
    words_revision)
SELECT id, seller_id, name, description,
    coalesce(pg_temp.category(pg_temp.chance(n, 41)), 'aquariums'),
    10 + pg_temp.chance(n, 39) % 29000 / 100.0, 'EUR',
    CASE WHEN n % 4 > 0 THEN 30 + pg_temp.chance(n, 40) % 16 * 15 END, area, lower(area), status, 1,
    stock, stock, pg_temp.moment(ms), pg_temp.moment(ms + 60000),
    CASE status WHEN 'draft' THEN 1 WHEN 'published' THEN 2 ELSE 3 END,
    'en', pg_temp.words('en', name || ' ' || description), 1
FROM sold;

INSERT INTO events (id, actor_id, subject, subject_id, kind, payload, created_at)
SELECT pg_temp.uuid7(ms + 1000 * step, kind || 'package' || n), seller_id, 'package', id, kind,
    CASE WHEN kind = 'created' AND stock IS NOT NULL THEN jsonb_build_object('by', stock)
        ELSE '{}' END, pg_temp.moment(ms + 1000 * step)
FROM sold, unnest(ARRAY['created', 'published', status]) WITH ORDINALITY steps (kind, step)
WHERE kind = 'created' OR status <> 'draft' AND (step = 2 OR status <> 'published');

DROP TABLE sold;
