-- The stream of all events, and what owners and cleaners were told of them. All have read all but
-- the last tenth.

SET work_mem = '512MB';

INSERT INTO stream (position, event_id)
SELECT row_number() OVER (ORDER BY id), id FROM events;

DELETE FROM heads;
INSERT INTO heads (name, position) SELECT 'stream', count(*) FROM events;
INSERT INTO heads (name, position) VALUES ('standing', 0);

INSERT INTO notifications (user_id, position, event_id, kind, created_at)
SELECT told.user_id, position, event_id, told.kind, events.created_at
FROM stream JOIN events ON events.id = event_id JOIN cleanings ON cleanings.id = events.cleaning_id
    LEFT JOIN bookings ON bookings.cleaning_id = cleanings.id, LATERAL (
        SELECT cleanings.owner_id AS user_id, 'offer_received' AS kind WHERE subject = 'offer'
        UNION ALL SELECT bookings.cleaner_id,
            CASE events.kind WHEN 'booked' THEN 'offer_accepted' ELSE 'work_completed' END
        WHERE subject = 'cleaning' AND events.kind IN ('booked', 'completed')
    ) told;

INSERT INTO notification_boxes (user_id, read_mark, unread)
SELECT user_id, read_mark, count(*) FILTER (WHERE notifications.position > read_mark)
FROM notifications, (SELECT position * 9 / 10 AS read_mark FROM heads WHERE name = 'stream') mark
GROUP BY user_id, read_mark;

RESET work_mem;
