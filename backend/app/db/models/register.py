"""The register of all that is held of people: each column of each table is named here."""

from datetime import timedelta

from app.db.models.freed_usernames import KEPT_FREE_FOR
from app.db.models.idempotency_keys import KEPT_FOR
from app.db.models.jobs import FAILED_FOR
from app.db.models.privacy import DELETION, Holding, Personal, Tier, alike, within
from app.db.models.sessions import REMEMBERED_FOR

PUBLIC, PARTICIPANT, PRIVATE, INTERNAL = Tier

FIGURES_KEPT = "what offers and bookings refer to"
RECORD_KEPT = "the other side's record of what was agreed"
REPUTATION_KEPT = "the reputation of those of whom it was said"
LOG_KEPT = "the log of what happened"
NUMBERS_KEPT = "only numbers"

WORDS = {
    **alike(("name", "description"), Personal(PUBLIC, "what is to be done")),
    "area": Personal(PUBLIC, "where it is to be done"),
    "address": Personal(PARTICIPANT, "where it is to be done"),
}
FIGURES = alike(
    ("cleaning_type", "price", "currency", "starts_at", "duration"),
    Personal(PUBLIC, "what is to be done, when, and for how much", FIGURES_KEPT),
)
TERMS = WORDS | FIGURES
AGREED = Personal(PARTICIPANT, "what was agreed", RECORD_KEPT)
CANCELLED = Personal(PARTICIPANT, "why they cancelled it")
STARS = ("overall_rating", "professionalism", "completeness", "efficiency")
SAID = ("headline", "comment")

REGISTER = (
    Holding(
        "users",
        "id",
        {
            "email": Personal(PARTICIPANT, "to log in, and to be written to"),
            "username": Personal(PUBLIC, "to log in, and to be named"),
            **alike(("email_key", "username_key"), Personal(INTERNAL, "to be found by")),
            "password_hash": Personal(INTERNAL, "to log in"),
            "role": Personal(PRIVATE, "what they may do"),
            **alike(
                ("email_verified_at", "pending_until"),
                Personal(PRIVATE, "whether the address is theirs"),
            ),
            **alike(
                ("inactive_at", "blocked_at", "created_at", "updated_at"),
                Personal(PRIVATE, "whether the account can be used", LOG_KEPT),
            ),
        },
        others=("id", "deleted_at", "version"),
        until=f"{DELETION}, or nobody has verified its address in time",
    ),
    Holding(
        "freed_usernames",
        "user_id",
        {
            "name_hash": Personal(
                INTERNAL,
                "to keep others from passing for one",
                f"for {KEPT_FREE_FOR.days} days after the username was given up",
            )
        },
        others=("user_id", "ends_at"),
    ),
    Holding(
        "profiles",
        "user_id",
        {
            **alike(("full_name", "bio", "image"), Personal(PUBLIC, "how they present themselves")),
            "full_name_key": Personal(INTERNAL, "to be found by"),
            "phone_number": Personal(PARTICIPANT, "to be called"),
            "updated_at": Personal(PUBLIC, "how recent it is", LOG_KEPT),
            "created_at": Personal(PRIVATE, "how recent it is", LOG_KEPT),
        },
        others=("user_id", "version"),
    ),
    Holding(
        "sessions",
        "user_id",
        alike(
            (
                *("device", "address", "second_factor", "created_at", "authenticated_at"),
                *("refreshed_at", "expires_at"),
            ),
            Personal(PRIVATE, "to see where one is logged in"),
        ),
        others=("id", "user_id"),
        until="it ends",
    ),
    Holding(
        "refresh_tokens",
        "session_id",
        alike(
            ("hash", "predecessor", "issued_at", "used_at"),
            Personal(INTERNAL, "to stay logged in, and to notice theft"),
        ),
        others=("session_id",),
        until="its session ends",
    ),
    Holding(
        "api_keys",
        "id",
        {
            "hash": Personal(INTERNAL, "to recognise the key"),
            **alike(
                ("prefix", "name", "scopes", "last_used_at"),
                Personal(PRIVATE, "to see which programs act for one"),
            ),
        },
        others=("id", "made_in"),
        until="the key is deleted, or expires",
    ),
    Holding(
        "second_factors",
        "user_id",
        {
            **alike(("secret", "last_step"), Personal(INTERNAL, "to check one-time codes")),
            **alike(
                ("confirmed_at", "removal_due_at"),
                Personal(PRIVATE, "to see whether one has a second factor, and until when"),
            ),
        },
        others=("user_id", "session_id", "removal_id"),
        until="it is turned off",
    ),
    Holding(
        "recovery_codes",
        "user_id",
        {"hash": Personal(INTERNAL, "to log in without the second factor")},
        others=("user_id",),
        until="it is used, or replaced",
    ),
    Holding(
        "links",
        "user_id",
        alike(
            ("purpose", "email", "created_at", "expires_at"),
            Personal(PRIVATE, "to see whose an address is"),
        ),
        others=("id", "user_id", "session_id"),
        until="it is opened, which it can be for a day at the most",
    ),
    Holding(
        "idempotency_keys",
        "user_id",
        {
            **alike(
                ("hash", "answer"),
                Personal(INTERNAL, "to answer a request that is sent again as before"),
            ),
            "used_at": Personal(PRIVATE, "to answer a request that is sent again as before"),
        },
        others=("user_id", "expires_at"),
        until=f"{KEPT_FOR // timedelta(hours=1)} hours after the request",
    ),
    Holding(
        "jobs",
        None,
        {"payload": Personal(INTERNAL, "to be mailed")},
        others=("id", "kind", "attempts", "due_at", "error", "failed_at", "created_at"),
        until=f"it is done, or {FAILED_FOR.days} days after it has failed for good",
    ),
    Holding(
        "known_addresses",
        "user_id",
        {
            "address_hash": Personal(INTERNAL, "to log in while others try to"),
            "used_at": Personal(PRIVATE, "to log in while others try to"),
        },
        others=("user_id",),
        until=f"it has not been used for {REMEMBERED_FOR.days} days",
    ),
    Holding(
        "known_devices",
        "user_id",
        {
            "device_hash": Personal(INTERNAL, "to be told of logins with other devices"),
            "used_at": Personal(PRIVATE, "to be told of logins with other devices"),
        },
        others=("user_id",),
        until=f"it has not been used for {REMEMBERED_FOR.days} days",
    ),
    Holding(
        "throttles",
        None,
        {"key": Personal(INTERNAL, "to count tries, of a name or address that nobody can read")},
        others=("count", "resets_at"),
        until="its time has passed, which is a day at the most",
    ),
    Holding(
        "cleanings",
        "owner_id",
        TERMS
        | {
            "search": Personal(INTERNAL, "to be found by words"),
            "area_key": Personal(INTERNAL, "to be found by its area"),
            "cancellation_reason": Personal(PUBLIC, "why they cancelled it"),
        },
        others=(
            *("id", "owner_id", "status", "terms_revision", "version"),
            *("created_at", "updated_at", "deleted_at", "hidden_at", "search_revision"),
        ),
    ),
    Holding(
        "cleaning_revisions",
        "editor_id",
        within("terms", {name: field._replace(kept="") for name, field in TERMS.items()}),
        others=("cleaning_id", "revision", "editor_id", "created_at"),
    ),
    Holding(
        "offers",
        "cleaner_id",
        {
            "message": Personal(PARTICIPANT, "what they offer"),
            **alike(("price", "currency"), Personal(PARTICIPANT, "what they offer", RECORD_KEPT)),
        },
        others=(
            *("cleaning_id", "id", "cleaner_id", "status", "terms_revision", "version"),
            *("created_at", "updated_at", "hidden_at"),
        ),
    ),
    Holding(
        "bookings",
        "owner_id",
        {
            **within("terms", TERMS | {"name": AGREED} | alike(FIGURES, AGREED)),
            **alike(("price", "currency"), AGREED),
            "cancellation_reason": CANCELLED,
        },
        others=(
            *("cleaning_id", "id", "offer_id", "owner_id", "cleaner_id", "status", "version"),
            *("cancelled_by", "created_at", "updated_at"),
            *("reported_at", "completes_at", "ended_at"),
        ),
    ),
    Holding(
        "bookings",
        "cleaner_id",
        {**alike(("price", "currency"), AGREED), "cancellation_reason": CANCELLED},
    ),
    Holding(
        "evaluations",
        "author_id",
        alike(
            (*STARS, *SAID, "no_show"), Personal(PUBLIC, "what they say of others", REPUTATION_KEPT)
        ),
        others=(
            *("cleaning_id", "id", "booking_id", "author_id", "subject_id", "role"),
            *("created_at", "hidden_at"),
        ),
    ),
    Holding(
        "evaluations",
        "subject_id",
        {
            **alike(SAID, Personal(PUBLIC, "what others say of them")),
            **alike((*STARS, "no_show"), Personal(PUBLIC, "what others say of them", NUMBERS_KEPT)),
        },
    ),
    Holding(
        "ratings",
        "user_id",
        alike(
            (*STARS, "total", "no_shows", "average"),
            Personal(PUBLIC, "what others say of them, counted", NUMBERS_KEPT),
        ),
        others=("user_id", "role"),
    ),
    Holding(
        "events",
        "actor_id",
        {
            **alike(("subject", "kind", "created_at"), Personal(PUBLIC, "what they did", LOG_KEPT)),
            "payload": Personal(PRIVATE, "what they did", LOG_KEPT),
        },
        others=("id", "actor_id", "subject_id", "cleaning_id"),
    ),
    Holding(
        "audit",
        "user_id",
        alike(
            ("action", "network", "request_id", "details", "created_at"),
            Personal(PRIVATE, "to look into misuse", LOG_KEPT),
        ),
        others=("id", "actor_id", "user_id"),
    ),
)


def tier_of(table: str, column: str) -> Tier:
    """Who is shown a column: everyone, if it says nothing of anybody."""
    tiers = (
        holding.personal[column].tier
        for holding in REGISTER
        if holding.table == table and column in holding.personal
    )
    return next(tiers, PUBLIC)
