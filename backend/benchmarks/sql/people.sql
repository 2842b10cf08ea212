-- The users of a market. Those who take part in it have a session.

INSERT INTO users (id, email, email_key, username, username_key, password_hash, role, created_at,
    updated_at, version)
SELECT pg_temp.person(n), 'user' || n || '@example.com', 'user' || n || '@example.com', 'user' || n,
    'user' || n, password_hash, 'user', joined_at, joined_at, 1
FROM market, generate_series(0, accounts - 1) n, pg_temp.moment(pg_temp.beginning() + n) joined_at;

INSERT INTO profiles (user_id, full_name, full_name_key, bio, phone_number, created_at, updated_at,
    version)
SELECT pg_temp.person(n), full_name, lower(full_name),
    CASE WHEN n % 3 > 0 THEN pg_temp.pick(pg_temp.remarks(), pg_temp.chance(n, 3)) END,
    '+4915' || 10000000 + n, joined_at, joined_at, 1
FROM market, generate_series(0, accounts - 1) n,
    pg_temp.moment(pg_temp.beginning() + n) joined_at, concat(
    pg_temp.pick('{Anna,Ben,Clara,David,Emma,Felix,Grete,Hans,Ida,Jakob,Karla,Leo,Mia,Noah}',
        pg_temp.chance(n, 1)), ' ',
    pg_temp.pick('{Ark,Brook,Carver,Dale,Eager,Field,Glover,Hill,Ivers,Joiner,Kerr,Lake}',
        pg_temp.chance(n, 2))) full_name;

INSERT INTO sessions
    (id, user_id, created_at, authenticated_at, second_factor, refreshed_at, expires_at)
SELECT pg_temp.uuid7(pg_temp.beginning() + n, 'session' || n), pg_temp.person(n),
    joined_at, joined_at, false, joined_at, '2100-01-01'
FROM market, generate_series(0, people - 1) n, pg_temp.moment(pg_temp.beginning() + n) joined_at;
