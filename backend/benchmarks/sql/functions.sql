-- What the rows of a market are made of. All chance is a hash of the number of a job or a user, so
-- that the rows are the same each time; an id is a UUIDv7 of the moment at which its row is made.

CREATE FUNCTION pg_temp.chance(number bigint, what integer) RETURNS bigint
LANGUAGE sql IMMUTABLE AS 'SELECT hashint8extended(number, what) & 9223372036854775807';

CREATE FUNCTION pg_temp.pick(list text[], number bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS 'SELECT list[1 + number % cardinality(list)]';

CREATE FUNCTION pg_temp.moment(ms bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE AS 'SELECT to_timestamp(ms / 1000.0)';

CREATE FUNCTION pg_temp.uuid7(ms bigint, what text) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT overlay(overlay(overlay(md5(what)
        PLACING lpad(to_hex(ms), 12, '0') FROM 1) PLACING '7' FROM 13) PLACING 'a' FROM 17)::uuid
$$;

-- Only German texts have letters with marks here: ä, ö and ü.
CREATE FUNCTION pg_temp.words(language text, words text) RETURNS tsvector
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN plain = folded THEN to_tsvector(stemmer, plain)
        ELSE (to_tsvector(stemmer, plain)::text || ' ' || to_tsvector(stemmer, folded)::text)::tsvector
        END
    FROM (SELECT CASE language WHEN 'de' THEN 'german' ELSE 'english' END::regconfig AS stemmer,
        lower(translate(words, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))) AS plain
    ) text, translate(plain, 'äöü', 'aou') folded
$$;

-- The year begins; a user joins each millisecond.
CREATE FUNCTION pg_temp.beginning() RETURNS bigint
LANGUAGE sql IMMUTABLE AS 'SELECT 1735689600000::bigint';

CREATE FUNCTION pg_temp.person(number bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_temp.uuid7(pg_temp.beginning() + number, 'user' || number)
$$;

CREATE FUNCTION pg_temp.things() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{oven,window,attic,kitchen,bathroom,carpet,staircase,garage,balcony,office,cellar,
        fridge,terrace,hallway,workshop,nursery}'::text[]
$$;

CREATE FUNCTION pg_temp.actions() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{scrub,polish,sweep,wash,dusting,hoovering,tidying,mopping}'::text[]
$$;

CREATE FUNCTION pg_temp.manners() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{Thorough,Quick,Weekly,Gentle,Urgent,Seasonal,Early,Late}'::text[]
$$;

CREATE FUNCTION pg_temp.openings() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['Regular cleaning of the', 'We look for somebody for our', 'Before we move out:',
        'Once a month we want help with the', 'After a party, the']
$$;

CREATE FUNCTION pg_temp.remarks() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['There is a friendly dog.', 'Please bring your own tools.', 'Tools are there.',
        'You can park in front of the house.', 'The key is with our neighbour.',
        'We are allergic to perfume.', 'Only mild soap on the wooden floor, please.',
        'Three floors, no lift.', 'Coffee and cake are included.', 'Mind the antique vases.',
        'The baby sleeps until ten.', 'References would be welcome.', 'It was last done in spring.',
        'We pay on the same day.', 'Ring the upper bell.', 'The windows are two metres high.']
$$;

-- One job in four is in German.
CREATE FUNCTION pg_temp.language(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_temp.pick('{de,en,en,en}', number)
$$;

CREATE FUNCTION pg_temp.german(english text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT words ->> english FROM (SELECT '{
        "oven": "Backofen", "window": "Fenster", "attic": "Dachboden", "kitchen": "Küche",
        "bathroom": "Badezimmer", "carpet": "Teppich", "staircase": "Treppenhaus",
        "garage": "Garage", "balcony": "Balkon", "office": "Büro", "cellar": "Keller",
        "fridge": "Kühlschrank", "terrace": "Terrasse", "hallway": "Flur",
        "workshop": "Werkstatt", "nursery": "Kinderzimmer"
    }'::json AS words) all_words
$$;

CREATE FUNCTION pg_temp.german_openings() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['Wöchentliche Reinigung:', 'Wir suchen Hilfe im Haushalt, für', 'Vor dem Auszug:',
        'Einmal im Monat putzen:', 'Nach einer Feier:']
$$;

CREATE FUNCTION pg_temp.german_actions() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{putzen,wischen,fegen,polieren,schrubben,saugen,lüften,entrümpeln}'::text[]
$$;

CREATE FUNCTION pg_temp.german_remarks() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['Der Hund ist freundlich.', 'Bitte eigene Geräte mitbringen.', 'Geräte sind da.',
        'Parkplätze gibt es vor dem Haus.', 'Der Schlüssel liegt bei den Nachbarn.',
        'Wir vertragen kein Parfüm.', 'Nur milde Seife auf den Dielen, bitte.',
        'Drei Stockwerke, kein Aufzug.', 'Kaffee und Kuchen gibt es auch.', 'Vorsicht, alte Vasen.',
        'Das Kind schläft bis zehn.', 'Zeugnisse wären schön.', 'Zuletzt im Frühling gemacht.',
        'Wir zahlen am selben Tag.', 'Bitte oben klingeln.', 'Die Fenster sind zwei Meter hoch.']
$$;

CREATE FUNCTION pg_temp.areas() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT '{Old Town,New Town,Harbour,Riverside,Mill Hill,Castle Green,Station Road,Westgate,
        Eastgate,Northfield,Southbank,Abbey Park,Market Cross,Weavers,Tanners Row,Orchard,
        Brickyards,Canal Side,Priory,St Anne}'::text[]
$$;

-- The name of a street, made of four out of forty syllables.
CREATE FUNCTION pg_temp.street(number bigint) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(string_agg(pg_temp.pick('{ba,bo,bu,da,do,du,fa,fo,fu,ga,go,gu,ka,ko,ku,la,lo,lu,
        ma,mo,mu,na,no,nu,pa,po,pu,ra,ro,ru,sa,so,su,ta,to,tu,va,vo,vu,za}',
        number / power(40, place)::bigint), '' ORDER BY place) || 'n')
    FROM generate_series(0, 3) place
$$;
