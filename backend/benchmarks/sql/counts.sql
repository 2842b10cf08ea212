-- The numbers of open jobs and published packages by category, as the worker adds them up.

INSERT INTO category_counts (category, jobs, packages)
SELECT category, sum(job), sum(package) FROM (
    SELECT category, 1 AS job, 0 AS package FROM cleanings
    WHERE status = 'open' AND category IS NOT NULL
    UNION ALL SELECT category, 0, 1 FROM packages WHERE status = 'published'
) counted
GROUP BY category;
