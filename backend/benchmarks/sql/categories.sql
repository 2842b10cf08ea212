-- Eight services with five kinds of each, and one that few jobs have. All numbers of jobs are added
-- up when they are loaded.

CREATE FUNCTION pg_temp.category(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN number % 100 = 0 THEN 'aquariums' WHEN number % 10 = 0 THEN NULL
        ELSE 'service-' || number / 100 % 8 || '-' || number / 1000 % 5 END
$$;

INSERT INTO categories (id, parent_id, parent_tier, tier, slug, name, names, position, active,
    version, created_at, updated_at)
SELECT pg_temp.uuid7(pg_temp.beginning(), slug), pg_temp.uuid7(pg_temp.beginning(), parent),
    CASE WHEN parent IS NOT NULL THEN 1 END, CASE WHEN parent IS NULL THEN 1 ELSE 2 END, slug,
    initcap(translate(slug, '-', ' ')), '{}', position, true, 1, moment, moment
FROM pg_temp.moment(pg_temp.beginning()) moment, (
    SELECT 'service-' || n AS slug, NULL AS parent, n + 1 AS position FROM generate_series(0, 7) n
    UNION ALL SELECT 'service-' || n || '-' || kind, 'service-' || n, kind + 1
        FROM generate_series(0, 7) n, generate_series(0, 4) kind
    UNION ALL SELECT 'aquariums', NULL, 9
) made;
