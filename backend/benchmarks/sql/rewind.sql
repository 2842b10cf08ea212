-- Undoes what a benchmark wrote: all rows that are younger than the market, with `$end` in the
-- place of the smallest id that no loaded row has. Foreign keys are passed over, for they'd look
-- through the events once for each job.
SET session_replication_role = replica;

CREATE TEMPORARY TABLE booked AS
SELECT DISTINCT cleaning_id AS id FROM bookings WHERE id >= $end;

DELETE FROM order_items WHERE order_id >= $end;
DELETE FROM orders WHERE id >= $end;
UPDATE packages SET stock = offered WHERE stock <> offered;
DELETE FROM bookings WHERE id >= $end;
DELETE FROM offers WHERE id >= $end;
DELETE FROM cleaning_posts WHERE id >= $end;
DELETE FROM messages WHERE number > 2;
DELETE FROM events WHERE id >= $end;
DELETE FROM outbox;
DELETE FROM refresh_tokens;
DELETE FROM sessions WHERE id >= $end;
DELETE FROM audit;
DELETE FROM known_addresses;
DELETE FROM known_devices;
DELETE FROM category_deltas;
DELETE FROM throttles;
DELETE FROM cleanings WHERE id >= $end;

UPDATE cleanings SET status = 'open', version = 1, updated_at = created_at
FROM booked WHERE cleanings.id = booked.id;

-- Of the offers that an acceptance touches, all were pending. Those that were rejected or
-- withdrawn before have their second version already, and acceptance doesn't touch them.
UPDATE offers SET status = 'pending', version = 1, updated_at = offers.created_at
FROM booked WHERE cleaning_id = booked.id AND status IN ('accepted', 'superseded');

UPDATE threads SET messages = 2, sent_at = created_at, owner_unread = 0,
    cleaner_unread = 2 - cleaner_read
FROM messages
WHERE messages.cleaning_id = threads.cleaning_id AND messages.cleaner_id = threads.cleaner_id
    AND number = 2 AND threads.messages > 2;

DROP TABLE booked;
RESET session_replication_role;
