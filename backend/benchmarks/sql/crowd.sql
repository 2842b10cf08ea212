-- Logged-in users without activity: `$size` of them.
INSERT INTO users (id, email, email_key, username, username_key, password_hash, role, created_at,
    updated_at, version)
SELECT uuidv7(), 'crowd' || n || '@example.com', 'crowd' || n || '@example.com', 'crowd' || n,
    'crowd' || n, '', 'user', now(), now(), 1
FROM generate_series(1, $size) n;

INSERT INTO profiles (user_id, full_name, full_name_key, created_at, updated_at, version)
SELECT id, 'One of ' || $size, 'one of ' || $size, created_at, updated_at, 1 FROM users WHERE username LIKE 'crowd%';

INSERT INTO sessions
    (id, user_id, created_at, authenticated_at, second_factor, refreshed_at, expires_at)
SELECT uuidv7(), id, created_at, created_at, false, created_at, '2100-01-01'
FROM users WHERE username LIKE 'crowd%';
