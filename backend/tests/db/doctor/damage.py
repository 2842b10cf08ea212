"""Ways to damage the data behind the service's back, one for each promise at least."""

from typing import NamedTuple


class Damage(NamedTuple):
    """Something that no call does.

    Args:
        story: What has happened before, as `Scene.play` takes it.
        done: The statements that do it; `$offer_id` and the like are the keys of the scene.
        also: The promises that are broken with it.
    """

    story: str
    done: str
    also: frozenset[str] = frozenset()


BOOKED = "owner accept_offer"
REVISED = "owner edit_cleaning, owner edit_cleaning"
CALLED_OFF = f"{BOOKED}, owner cancel_booking"
AGAIN = f"{CALLED_OFF}, cleaner renew_offer, {BOOKED}"
DONE = f"{BOOKED}, owner complete_booking"
EVALUATED = f"{DONE}, owner evaluate_booking"
DELETED = "stranger delete_user"
REPORTED = f"{BOOKED}, clock start, cleaner report_completion"

CLEANINGS = {
    "cleanings_booked_once": Damage(
        AGAIN,
        "UPDATE bookings SET status = 'scheduled', ended_at = NULL, cancelled_by = NULL",
        frozenset({"events_of_bookings"}),
    ),
    "cleanings_booked": Damage(
        BOOKED, "UPDATE cleanings SET status = 'open'", frozenset({"history_of_cleanings"})
    ),
    "cleanings_completed": Damage(
        DONE, "UPDATE cleanings SET status = 'cancelled'", frozenset({"history_of_cleanings"})
    ),
    "cleanings_words": Damage("", "UPDATE cleanings SET name = 'Window'"),
    "cleanings_expired": Damage(
        "clock start, clock tick", "UPDATE cleanings SET starts_at = now() + interval '1 hour'"
    ),
    "cleanings_deleted": Damage(
        CALLED_OFF,
        """
        UPDATE cleanings SET deleted_at = now();
        INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload,
            created_at)
        SELECT gen_random_uuid(), owner_id, 'cleaning', id, 'deleted', id, '{}',
            clock_timestamp()
        FROM cleanings
        """,
    ),
    "revisions_gapless": Damage(REVISED, "DELETE FROM cleaning_revisions WHERE revision = 1"),
    "revisions_differ": Damage(
        REVISED,
        "UPDATE cleaning_revisions SET terms = first.terms FROM cleaning_revisions first "
        "WHERE first.revision = 1",
    ),
    "revisions_by_owner": Damage(
        REVISED, "UPDATE cleaning_revisions SET editor_id = '$stranger_id' WHERE revision = 2"
    ),
    "offers_made_once": Damage(
        "",
        """
        UPDATE offers SET cleaner_id = '$cleaner_id';
        UPDATE events SET actor_id = '$cleaner_id' WHERE subject = 'offer'
        """,
    ),
    "offers_for_others": Damage(
        "",
        """
        UPDATE offers SET cleaner_id = '$owner_id' WHERE id = '$offer_id';
        UPDATE events SET actor_id = '$owner_id' WHERE subject_id = '$offer_id'
        """,
    ),
    "offers_pending": Damage(DONE, "UPDATE offers SET status = 'pending' WHERE id <> '$offer_id'"),
    "offers_accepted": Damage(
        BOOKED, "UPDATE offers SET status = 'accepted' WHERE id <> '$offer_id'"
    ),
    "offers_superseded": Damage("", "UPDATE offers SET status = 'superseded'"),
    "offers_wording": Damage("", "UPDATE offers SET terms_revision = 2"),
    "offers_currency": Damage("", "UPDATE offers SET currency = 'CHF'"),
    "bookings_sides": Damage(BOOKED, "UPDATE bookings SET cleaner_id = '$stranger_id'"),
    "bookings_price": Damage(BOOKED, "UPDATE bookings SET price = price + 1"),
    "bookings_terms": Damage(
        CALLED_OFF, "UPDATE bookings SET terms = terms || jsonb_build_object('area', 'the Moon')"
    ),
    "bookings_reported": Damage(
        REPORTED, "UPDATE bookings SET reported_at = now() - interval '2 hours'"
    ),
    "bookings_forgotten": Damage(
        f"{BOOKED}, clock start, owner miss_booking",
        """
        UPDATE bookings SET status = 'cancelled', cancelled_by = 'clock';
        UPDATE events SET kind = 'cancelled', actor_id = NULL WHERE kind = 'missed'
        """,
    ),
}

EVALUATIONS = {
    "evaluations_finished": Damage(
        f"{AGAIN}, owner complete_booking, owner evaluate_booking",
        "UPDATE evaluations SET booking_id = bookings.id FROM bookings WHERE status = 'cancelled'",
    ),
    "evaluations_sides": Damage(
        EVALUATED,
        """
        UPDATE evaluations SET author_id = '$stranger_id';
        UPDATE events SET actor_id = '$stranger_id' WHERE subject = 'evaluation'
        """,
    ),
    "evaluations_once": Damage(
        EVALUATED,
        "INSERT INTO evaluations SELECT (jsonb_populate_record(it, "
        "jsonb_build_object('id', gen_random_uuid()))).* FROM evaluations it",
        frozenset({"events_of_evaluations", "ratings_counted"}),
    ),
    "evaluations_no_show": Damage(
        EVALUATED, "UPDATE evaluations SET no_show = true; UPDATE ratings SET no_shows = 1"
    ),
    "ratings_counted": Damage(EVALUATED, "UPDATE ratings SET overall_rating = ARRAY[1,0,0,0,0]"),
}

EVENTS = {
    "events_of_cleanings": Damage(REVISED, "DELETE FROM events WHERE kind = 'edited'"),
    "events_of_offers": Damage(
        "", "UPDATE events SET actor_id = '$stranger_id' WHERE subject = 'offer'"
    ),
    "events_of_bookings": Damage(
        BOOKED,
        "UPDATE events SET payload = payload || jsonb_build_object('offer_id', '') "
        "WHERE kind = 'booked'",
    ),
    "events_of_reports": Damage(
        REPORTED, "UPDATE bookings SET reported_at = NULL, completes_at = NULL"
    ),
    "events_of_the_clock": Damage(
        DONE, "UPDATE events SET actor_id = NULL WHERE kind = 'completed'"
    ),
    "events_of_evaluations": Damage(EVALUATED, "DELETE FROM events WHERE subject = 'evaluation'"),
    "events_of_users": Damage("", "DELETE FROM events WHERE actor_id = '$stranger_id'"),
    "events_subjects": Damage(
        "cleaner revise_offer",
        "UPDATE events SET subject_id = gen_random_uuid() WHERE kind = 'edited'",
    ),
    "events_kinds": Damage(
        "owner edit_profile", "UPDATE events SET kind = 'missed' WHERE subject = 'profile'"
    ),
    "cleanings_actors": Damage(
        "owner cancel_cleaning",
        "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'cancelled'",
    ),
    "offers_actors": Damage(
        "cleaner revise_offer", "UPDATE events SET actor_id = '$owner_id' WHERE kind = 'edited'"
    ),
    "profiles_actors": Damage(
        "owner edit_profile", "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'edited'"
    ),
    "users_actors": Damage(
        "owner change_user", "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'edited'"
    ),
    "history_in_order": Damage(
        REVISED, "UPDATE events SET created_at = 'yesterday' WHERE kind = 'edited'"
    ),
    "history_of_cleanings": Damage(
        "cleaner withdraw_offer, rival withdraw_offer rival",
        "UPDATE cleanings SET status = 'cancelled'",
    ),
    "history_of_offers": Damage("", "UPDATE offers SET status = 'withdrawn'"),
    "history_of_hiding": Damage("", "UPDATE offers SET hidden_at = now()"),
}

USERS = {
    "users_named_once": Damage(
        "",
        "UPDATE users SET username_key = 'anna' WHERE id IN ('$stranger_id', '$owner_id')",
    ),
    "users_addressed_once": Damage(
        "",
        "UPDATE users SET email_key = 'anna@example.com' WHERE id IN ('$stranger_id', '$owner_id')",
    ),
    "users_with_profile": Damage("", "DELETE FROM profiles WHERE user_id = '$stranger_id'"),
    "users_deleted": Damage(
        f"stranger post_cleaning, {DELETED}",
        "UPDATE cleanings SET status = 'open' WHERE owner_id = '$stranger_id'",
        frozenset({"history_of_cleanings"}),
    ),
    "users_freed": Damage(DELETED, "UPDATE freed_usernames SET user_id = '$stranger_id'"),
    "users_erased": Damage(
        DELETED, "UPDATE profiles SET bio = 'Born in 1815' WHERE user_id = '$stranger_id'"
    ),
}

ACCESS = {
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
        "VALUES ('$stranger_id', '', 1, clock_timestamp(), gen_random_uuid(), now() + '4 days')",
    ),
    "second_factors_whole": Damage(
        "",
        "INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) "
        "VALUES ('$owner_id', '', 0, clock_timestamp())",
    ),
}

TASK = (
    "INSERT INTO tasks (id, kind, payload, attempts, created_at, due_at, failed_at, leased_until) "
    "VALUES (gen_random_uuid(), '{kind}', '{{}}', {attempts}, now(), {times})"
)
OTHERS = {
    "task_schedules_known": Damage(
        "", "INSERT INTO task_schedules (kind, cron, due_at) VALUES ('unknown', '* * * * *', now())"
    ),
    "tasks_due": Damage(
        "", TASK.format(kind="send_mail", attempts=1, times="now() + '2 days', NULL, NULL")
    ),
    "tasks_explained": Damage(
        "", TASK.format(kind="send_mail", attempts=1, times="now(), now(), NULL")
    ),
    "tasks_known": Damage("", TASK.format(kind="unknown", attempts=0, times="now(), NULL, NULL")),
    "tasks_leased": Damage(
        "", TASK.format(kind="send_mail", attempts=0, times="now(), NULL, now()")
    ),
    "audit_actions": Damage(
        "owner delete_token", "UPDATE audit SET action = 'praised' WHERE action = 'signed_out'"
    ),
    "references": Damage("", "UPDATE sessions SET user_id = gen_random_uuid()"),
}

DAMAGES = {**CLEANINGS, **EVALUATIONS, **EVENTS, **USERS, **ACCESS, **OTHERS}
"""By the name of the promise."""

OWNER_GONE = f"{EVALUATED}, cleaner evaluate_booking, owner edit_profile, owner delete_user"
ERASED = [
    (OWNER_GONE, "UPDATE users SET username = 'anna' WHERE id = '$owner_id'"),
    (OWNER_GONE, "UPDATE users SET email = 'anna@example.com' WHERE id = '$owner_id'"),
    (OWNER_GONE, "UPDATE users SET password_hash = 'x' WHERE id = '$owner_id'"),
    (OWNER_GONE, "UPDATE cleanings SET name = 'Oven scrub'"),
    (OWNER_GONE, "UPDATE cleanings SET address = '3 Mill Lane'"),
    (OWNER_GONE, "UPDATE bookings SET terms = terms || jsonb_build_object('address', 'here')"),
    (OWNER_GONE, "UPDATE evaluations SET comment = 'Late' WHERE subject_id = '$owner_id'"),
    (
        f"{CALLED_OFF}, owner delete_user",
        "UPDATE bookings SET cancellation_reason = 'A honeymoon'",
    ),
    (
        "cleaner delete_user",
        "UPDATE offers SET message = 'From Anna' WHERE cleaner_id = '$cleaner_id'",
    ),
    (
        DELETED,
        "INSERT INTO known_addresses VALUES ('$stranger_id', '', now())",
    ),
    (
        DELETED,
        "INSERT INTO known_devices VALUES ('$stranger_id', '', now())",
    ),
]
"""What might have been left of a deleted account: what has happened, and how it would look."""
