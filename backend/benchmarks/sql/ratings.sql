-- Totals of the evaluations, as the service maintains them.

INSERT INTO ratings (user_id, role, total, no_shows, average, overall_rating, professionalism,
    completeness, efficiency)
SELECT subject_id, role, count(*), count(*) FILTER (WHERE no_show), avg(overall_rating),
    ARRAY[count(*) FILTER (WHERE overall_rating = 1), count(*) FILTER (WHERE overall_rating = 2),
        count(*) FILTER (WHERE overall_rating = 3), count(*) FILTER (WHERE overall_rating = 4),
        count(*) FILTER (WHERE overall_rating = 5)],
    ARRAY[count(*) FILTER (WHERE professionalism = 1), count(*) FILTER (WHERE professionalism = 2),
        count(*) FILTER (WHERE professionalism = 3), count(*) FILTER (WHERE professionalism = 4),
        count(*) FILTER (WHERE professionalism = 5)],
    ARRAY[count(*) FILTER (WHERE completeness = 1), count(*) FILTER (WHERE completeness = 2),
        count(*) FILTER (WHERE completeness = 3), count(*) FILTER (WHERE completeness = 4),
        count(*) FILTER (WHERE completeness = 5)],
    ARRAY[count(*) FILTER (WHERE efficiency = 1), count(*) FILTER (WHERE efficiency = 2),
        count(*) FILTER (WHERE efficiency = 3), count(*) FILTER (WHERE efficiency = 4),
        count(*) FILTER (WHERE efficiency = 5)]
FROM evaluations
GROUP BY subject_id, role;
