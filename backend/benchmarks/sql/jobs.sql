-- One batch of jobs with all that belongs to them: those from `first` to `last` in `batch`.

-- What the rows of a job have in common. Of a hundred jobs forty are open, ten booked, forty
-- completed and ten cancelled. Each has an owner, a cleaner and the cleaner's rival. One cleaner,
-- the star, does more of the completed jobs than others.
CREATE TEMPORARY TABLE drawn AS
SELECT n, ms, pg_temp.uuid7(ms, 'cleaning' || n) AS id, status,
    pg_temp.uuid7(ms + 600000, 'offer' || n) AS offer_id,
    pg_temp.uuid7(ms + 3600000, 'rival' || n) AS rival_id,
    pg_temp.uuid7(ms + 7200000, 'booking' || n) AS booking_id,
    pg_temp.person(owner) AS owner,
    pg_temp.person(cleaner) AS cleaner,
    pg_temp.person((owner + 1 + ((cleaner - owner + people) % people + pg_temp.chance(n, 1)
        % (people - 2)) % (people - 1)) % people) AS rival
FROM (
    SELECT n, ms, status, people,
        CASE WHEN star THEN 1 + someone % (people - 1) ELSE someone END AS owner,
        CASE WHEN star THEN 0
            ELSE (someone + 1 + pg_temp.chance(n, 2) % (people - 1)) % people END AS cleaner
    FROM (
        SELECT n, people, pg_temp.chance(n, 3) % people AS someone,
            pg_temp.beginning() + 31536000000 / jobs * n AS ms, status,
            status = 'completed' AND pg_temp.chance(n, 4) % 1000000 < star_share AS star
        FROM market, batch, generate_series(first, last) n, LATERAL pg_temp.pick(
            '{open,open,open,open,booked,completed,completed,completed,completed,cancelled}',
            pg_temp.chance(n, 5)
        ) status
    ) facts
) people;

-- The name of a street is in the texts of about fifty jobs, however many jobs there are: the
-- larger a town, the more streets it has. One job in a thousand has a piano, one in a hundred an
-- aquarium, and one in ten spoke of Easter in the first half of the year.
CREATE TEMPORARY TABLE posted AS
SELECT id, owner AS owner_id, CASE language
        WHEN 'de' THEN pg_temp.german(thing) || ' '
            || pg_temp.pick(pg_temp.german_actions(), pg_temp.chance(n, 12))
        ELSE pg_temp.pick(pg_temp.manners(), pg_temp.chance(n, 11)) || ' ' || thing || ' '
            || pg_temp.pick(pg_temp.actions(), pg_temp.chance(n, 12)) END AS name,
    CASE language
        WHEN 'de' THEN pg_temp.pick(pg_temp.german_openings(), pg_temp.chance(n, 13)) || ' '
            || pg_temp.german(thing) || '. '
            || pg_temp.pick(pg_temp.german_remarks(), pg_temp.chance(n, 14)) || ' '
            || pg_temp.pick(pg_temp.german_remarks(), pg_temp.chance(n, 15))
            || ' Nahe ' || street || ' Weg.'
        ELSE pg_temp.pick(pg_temp.openings(), pg_temp.chance(n, 13)) || ' ' || thing || '. '
            || pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 14)) || ' '
            || pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 15))
            || ' Near ' || street || ' street.' END
        || CASE WHEN pg_temp.chance(n, 24) % 1000 = 0 THEN ' Piano!' ELSE '' END
        || CASE WHEN pg_temp.chance(n, 25) % 100 = 0 THEN ' Aquarium!' ELSE '' END
        || CASE WHEN pg_temp.chance(n, 26) % 10 = 0 AND n < jobs / 2 THEN ' Easter!' ELSE '' END
        AS description,
    pg_temp.pick('{dust_up,spot_clean,full_clean}', pg_temp.chance(n, 16)) AS cleaning_type,
    10 + pg_temp.chance(n, 17) % 29000 / 100.0 AS price, 'EUR' AS currency,
    -- Open and booked jobs start 75 years later than they would, so that none expires.
    CASE WHEN n % 5 > 0 THEN pg_temp.moment((ms / 900000 + 96 + pg_temp.chance(n, 18) % 960
        + CASE WHEN status IN ('open', 'booked') THEN 2629800 ELSE 0 END) * 900000) END AS starts_at,
    CASE WHEN n % 4 > 0 THEN 30 + pg_temp.chance(n, 19) % 16 * 15 END AS duration,
    CASE WHEN n % 10 > 0 THEN pg_temp.pick(pg_temp.areas(), pg_temp.chance(n, 20)) END AS area,
    1 + pg_temp.chance(n, 21) % 200 || ' ' || street || ' Street' AS address,
    pg_temp.category(pg_temp.chance(n, 27)) AS category, status, 1 AS terms_revision, pg_temp.moment(ms) AS created_at,
    pg_temp.moment(ms + CASE status WHEN 'open' THEN 0 WHEN 'booked' THEN 7200000
        ELSE 259200000 END) AS updated_at,
    CASE status WHEN 'open' THEN 1 WHEN 'completed' THEN 3 ELSE 2 END AS version, language
FROM market, drawn, pg_temp.pick(pg_temp.things(), pg_temp.chance(n, 22)) thing,
    pg_temp.language(pg_temp.chance(n, 28)) language,
    pg_temp.street(pg_temp.chance(n, 23) % greatest(jobs / 50, 1)) street;

INSERT INTO cleanings (id, owner_id, name, description, cleaning_type, price, currency, starts_at,
    duration, area, address, category, status, terms_revision, created_at, updated_at, version,
    language, search, search_revision, words_revision, area_key)
SELECT *, pg_temp.words(language, name || ' ' || description), terms_revision, terms_revision,
    lower(area)
FROM posted;

CREATE TEMPORARY TABLE made AS
SELECT drawn.id AS cleaning_id, offer.id, offer.cleaner AS cleaner_id,
    round(price * (90 + pg_temp.chance(n, 31) % 20) / 100, 2) AS price,
    CASE WHEN n % 2 = 0 THEN pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 32)) END AS message,
    currency, offer.status, 1 AS terms_revision, pg_temp.moment(offer.ms) AS created_at,
    pg_temp.moment(CASE offer.status WHEN 'pending' THEN offer.ms ELSE drawn.ms + 7200000 END)
        AS updated_at,
    CASE offer.status WHEN 'pending' THEN 1 ELSE 2 END AS version
FROM drawn JOIN posted USING (id), LATERAL (VALUES
    (offer_id, ms + 600000, cleaner, CASE drawn.status WHEN 'open' THEN 'pending'
        WHEN 'cancelled' THEN 'superseded' ELSE 'accepted' END),
    (rival_id, ms + 3600000, rival, CASE WHEN drawn.status <> 'open' THEN 'superseded'
        WHEN n % 10 = 0 THEN 'withdrawn' WHEN n % 10 = 1 THEN 'rejected' ELSE 'pending' END)
) offer (id, ms, cleaner, status);

INSERT INTO offers (cleaning_id, id, cleaner_id, price, message, currency, status, terms_revision,
    created_at, updated_at, version)
SELECT * FROM made;

INSERT INTO bookings (cleaning_id, id, offer_id, owner_id, cleaner_id, price, currency, terms,
    status, created_at, ended_at, updated_at, version)
SELECT drawn.id, booking_id, offer_id, owner, cleaner, made.price, made.currency,
    jsonb_build_object('name', name, 'description', description, 'cleaning_type', cleaning_type,
        'price', posted.price::numeric(10, 2)::text, 'currency', posted.currency, 'starts_at',
        starts_at, 'duration', duration, 'area', area, 'address', address, 'category', category,
        'extras', '[]'::jsonb),
    CASE drawn.status WHEN 'booked' THEN 'scheduled' ELSE 'completed' END,
    pg_temp.moment(ms + 7200000),
    CASE drawn.status WHEN 'completed' THEN pg_temp.moment(ms + 259200000) END,
    pg_temp.moment(ms + CASE drawn.status WHEN 'completed' THEN 259200000 ELSE 7200000 END),
    CASE drawn.status WHEN 'completed' THEN 2 ELSE 1 END
FROM drawn JOIN posted USING (id) JOIN made ON made.id = offer_id
WHERE drawn.status IN ('booked', 'completed');

-- Every owner evaluates the cleaner, every second cleaner the owner.
INSERT INTO evaluations (cleaning_id, id, booking_id, author_id, subject_id, role, overall_rating,
    professionalism, completeness, efficiency, headline, comment, no_show, created_at)
SELECT id, pg_temp.uuid7(ms + 262800000, 'evaluation' || n || role), booking_id,
    CASE role WHEN 'cleaner' THEN owner ELSE cleaner END,
    CASE role WHEN 'cleaner' THEN cleaner ELSE owner END, role,
    ('{5,5,5,5,4,4,4,3,2,1}'::integer[])[1 + pg_temp.chance(n, 41) % 10],
    CASE WHEN role = 'cleaner' AND n % 2 = 0 THEN 1 + pg_temp.chance(n, 42) % 5 END,
    CASE WHEN role = 'cleaner' AND n % 3 = 0 THEN 1 + pg_temp.chance(n, 43) % 5 END,
    CASE WHEN role = 'cleaner' AND n % 4 = 0 THEN 1 + pg_temp.chance(n, 44) % 5 END,
    pg_temp.pick(pg_temp.manners(), pg_temp.chance(n, 45)),
    pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 46)), false,
    pg_temp.moment(ms + 262800000)
FROM drawn, unnest('{cleaner,owner}'::text[]) role
WHERE status = 'completed' AND (role = 'cleaner' OR n % 2 = 0);

-- Two messages about each booking. In one thread of ten, the cleaner has not read the second.
INSERT INTO threads (cleaning_id, id, cleaner_id, owner_id, messages, sent_at, owner_read,
    owner_unread, cleaner_read, cleaner_unread)
SELECT id, pg_temp.uuid7(ms + 8000000, 'thread' || n), cleaner, owner, 2,
    pg_temp.moment(ms + 9000000), 1, 0, read, 2 - read
FROM drawn, LATERAL (SELECT CASE WHEN n % 10 = 0 THEN 1 ELSE 2 END AS read) mark
WHERE status IN ('booked', 'completed');

INSERT INTO messages (cleaning_id, cleaner_id, number, sender_id, text, contacts, revision,
    created_at, updated_at, version)
SELECT id, cleaner, number, CASE number WHEN 1 THEN cleaner ELSE owner END,
    pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 50 + number)), '{}', 1, sent_at, sent_at, 1
FROM drawn, generate_series(1, 2) number, pg_temp.moment(ms + 7000000 + number * 1000000) sent_at
WHERE status IN ('booked', 'completed');

-- The log is cut short: the posting, one offer, and what happened last.
INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload, created_at)
SELECT pg_temp.uuid7(happened.ms, 'event' || n || place), actor, subject, subject_id, kind, id,
    payload, pg_temp.moment(happened.ms)
FROM drawn, LATERAL (VALUES
    (1, ms, owner, 'cleaning', id, 'created', '{}'),
    (2, ms + 600000, cleaner, 'offer', offer_id, 'created', '{"price": "45.00"}'::jsonb),
    (3, ms + CASE status WHEN 'open' THEN 3600000 WHEN 'booked' THEN 7200000 ELSE 259200000 END,
        CASE status WHEN 'open' THEN rival ELSE owner END,
        CASE status WHEN 'open' THEN 'offer' ELSE 'cleaning' END,
        CASE status WHEN 'open' THEN rival_id ELSE id END,
        CASE status WHEN 'open' THEN 'created' ELSE status END,
        CASE status WHEN 'open' THEN '{"price": "45.00"}'::jsonb WHEN 'cancelled' THEN '{}'
            ELSE jsonb_build_object('booking_id', booking_id, 'offer_id', offer_id) END)
) happened (place, ms, actor, subject, subject_id, kind, payload);

DROP TABLE drawn, posted, made;
