"""Sessions, as the tests that hold for all features see them."""

from app.db.models.sessions import REMEMBERED_FOR, KnownAddress, Session
from tests.factories.users import PASSWORD
from tests.features import Damage, Feature
from tests.stories import DELETED

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
create_token                    200       200    200      200    200        200      401      200
delete_token                    401       204    204      204    204        204      401      403
step_up                         401       200    200      200    200        200      401      403
list_own_sessions               401       200    200      200    200        200      401      403
delete_other_sessions           401       204    204      204    204        204      401      403
delete_session                  401       404    204      404    404        404      401      403
""",
    writable="""
create_token           grant_type username password otp refresh_token
step_up                password otp
""",
    bodies={
        "create_token": lambda scene: {
            "username": scene.job.owner.username,
            "password": PASSWORD,
        },
        "step_up": lambda _: {"password": PASSWORD},
    },
    load="""
INSERT INTO sessions
    (id, user_id, device, created_at, authenticated_at, second_factor, refreshed_at, expires_at)
SELECT gen_random_uuid(), id, device, now(), now(), false, now(), now() + interval '1 day'
FROM users, unnest(ARRAY['telephone', 'program']) device
ON CONFLICT DO NOTHING;

INSERT INTO known_addresses (user_id, address_hash, used_at)
SELECT id, place::text::bytea, now() FROM users, generate_series(1, 2) place;
""",
    damages={
        "sessions_lasting": Damage("", "UPDATE sessions SET refreshed_at = expires_at"),
        "sessions_verified": Damage("", "UPDATE users SET pending_until = now()"),
        "sessions_second_factor": Damage(
            "",
            "INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) "
            "VALUES ('$owner_id', '', 1, 'yesterday')",
        ),
        "refresh_tokens_given": Damage(
            "",
            "INSERT INTO refresh_tokens (session_id, hash, predecessor, issued_at) VALUES "
            "('$session_id', 'first', NULL, now()), ('$session_id', 'second', 'first', now())",
        ),
        "refresh_tokens_used": Damage(
            "",
            "INSERT INTO refresh_tokens (session_id, hash, issued_at, used_at) "
            "VALUES ('$session_id', 'only', now(), now())",
        ),
        "refresh_tokens_begun": Damage(
            "",
            "INSERT INTO refresh_tokens (session_id, hash, issued_at) "
            "VALUES ('$session_id', 'first', now()), ('$session_id', 'second', now())",
        ),
        "api_keys_apart": Damage(
            "owner make_api_key", "UPDATE sessions SET second_factor = true WHERE id = '$key_id'"
        ),
        "api_keys_scopes": Damage(
            "owner make_api_key", "UPDATE api_keys SET scopes = ARRAY['read:minds']"
        ),
        "api_keys_counted": Damage(
            "owner make_api_key",
            """
        CREATE TEMPORARY TABLE added ON COMMIT DROP AS
        SELECT gen_random_uuid() AS id FROM generate_series(1, 20);
        INSERT INTO sessions SELECT (jsonb_populate_record(it, to_jsonb(added))).*
        FROM sessions it, added WHERE it.id = '$key_id';
        INSERT INTO api_keys SELECT (jsonb_populate_record(it, to_jsonb(added))).*
        FROM api_keys it, added
        """,
        ),
        "requests_of_own_sessions": Damage(
            "",
            "INSERT INTO links (id, user_id, session_id, purpose, email, created_at, expires_at) "
            "VALUES (gen_random_uuid(), '$stranger_id', '$session_id', 'change_email', 'a@b.c', "
            "now(), now())",
        ),
        "second_factors_removed": Damage(
            "",
            "INSERT INTO second_factors (user_id, secret, last_step, confirmed_at, removal_id, "
            "removal_due_at) "
            "VALUES ('$stranger_id', '', 1, clock_timestamp(), gen_random_uuid(), "
            "now() + '4 days')",
        ),
        "second_factors_whole": Damage(
            "",
            "INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) "
            "VALUES ('$owner_id', '', 0, clock_timestamp())",
        ),
    },
    leftovers=((DELETED, "INSERT INTO known_addresses VALUES ('$stranger_id', '', now())"),),
    expiring={
        Session: lambda user_id, ended_at: {
            "user_id": user_id,
            "created_at": ended_at,
            "authenticated_at": ended_at,
            "second_factor": False,
            "refreshed_at": ended_at,
            "expires_at": ended_at,
        },
        KnownAddress: lambda user_id, ended_at: {
            "user_id": user_id,
            "address_hash": str(ended_at).encode(),
            "used_at": ended_at - REMEMBERED_FOR,
        },
    },
)
