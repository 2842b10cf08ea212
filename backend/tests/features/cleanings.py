"""Cleanings, as the tests that hold for all features see them."""

from app.db.models.states.cleanings import CleaningStatus
from tests.features import Damage, Feature, Stateful
from tests.stories import (
    AGAIN,
    BOOKED,
    CALLED_OFF,
    DONE,
    MISSED,
    OWNER_GONE,
    REVISED,
    STARTED,
    numbers,
)

FIELDS = (
    "name description cleaning_type price currency starts_at duration area address category extras "
    "language"
)

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
post_cleaning                   401       201    201      201    201        201      401      403
browse_cleanings                401       200    200      200    200        200      401      403
read_cleaning                   401       200    200      200    200        200      401      403
edit_cleaning                   401       403    200      403    403        403      401      403
delete_cleaning                 401       403    204      403    403        403      401      403
cancel_cleaning                 401       403    200      403    403        403      401      403
list_cleaning_revisions         401       200    200      200    200        200      401      403
""",
    scopes={
        "read:cleanings": {"browse_cleanings", "list_cleaning_revisions", "read_cleaning"},
        "write:cleanings": {"cancel_cleaning", "delete_cleaning", "edit_cleaning", "post_cleaning"},
    },
    writable=f"""
post_cleaning          {FIELDS}
edit_cleaning          {FIELDS}
cancel_cleaning        reason
""",
    bodies={
        "edit_cleaning": lambda _: {"description": f"Room {next(numbers)}"},
        "post_cleaning": lambda _: {"name": "Windows", "price": "50.00"},
    },
    states={
        "cleaning": Stateful(
            path=lambda scene: scene.job.path,
            statuses=CleaningStatus,
            stories={
                "open": "",
                "open-again": CALLED_OFF,
                "booked": BOOKED,
                "completed": DONE,
                "booked-started": f"{BOOKED}, {STARTED}",
                "cancelled": "owner cancel_cleaning",
                "expired": f"{STARTED}, clock tick",
                "expired-unnoted": STARTED,
                "expired-missed": MISSED,
                "deleted": "owner delete_cleaning",
            },
        )
    },
    answers="""
edit_cleaning         owner                  cleaner                rival  stranger   anonymous
open                  >open                  not_owner         not_owner  not_owner         401
open-again            >open                  not_owner         not_owner  not_owner         401
booked                cleaning_not_open      not_owner         not_owner  not_owner         401
booked-started        cleaning_not_open      not_owner              not_owner  not_owner         401
completed             cleaning_not_open      not_owner         not_owner  not_owner         401
cancelled             cleaning_not_open      not_owner         not_owner  not_owner         401
expired               cleaning_expired       not_owner              not_owner  not_owner         401
expired-unnoted       cleaning_expired       not_owner              not_owner  not_owner         401
expired-missed        cleaning_expired       not_owner              not_owner  not_owner         401
deleted               404                    404                     404        404         401

delete_cleaning       owner                  cleaner               rival   stranger   anonymous
open                  >deleted               not_owner         not_owner  not_owner         401
open-again            cleaning_booked        not_owner         not_owner  not_owner         401
booked                cleaning_booked        not_owner         not_owner  not_owner         401
booked-started        cleaning_booked        not_owner              not_owner  not_owner         401
completed             cleaning_booked        not_owner         not_owner  not_owner         401
cancelled             >deleted               not_owner         not_owner  not_owner         401
expired               >deleted               not_owner              not_owner  not_owner         401
expired-unnoted       >deleted               not_owner              not_owner  not_owner         401
expired-missed        cleaning_booked        not_owner              not_owner  not_owner         401
deleted               404                    404                     404        404         401

cancel_cleaning       owner                  cleaner               rival   stranger   anonymous
open                  >cancelled             not_owner         not_owner  not_owner         401
open-again            >cancelled             not_owner         not_owner  not_owner         401
booked                >cancelled             not_owner         not_owner  not_owner         401
booked-started        booking_started        not_owner              not_owner  not_owner         401
completed             cleaning_ended         not_owner         not_owner  not_owner         401
cancelled             cleaning_ended         not_owner         not_owner  not_owner         401
expired               cleaning_expired       not_owner              not_owner  not_owner         401
expired-unnoted       cleaning_expired       not_owner              not_owner  not_owner         401
expired-missed        cleaning_expired       not_owner              not_owner  not_owner         401
deleted               404                    404                     404        404         401
""",
    conditional=("post_cleaning", "edit_cleaning"),  # some currencies take whole amounts only
    changes={
        "edit_cleaning": ("owner", ""),
        "delete_cleaning": ("owner", ""),
        "cancel_cleaning": ("owner", ""),
    },
    load="""
INSERT INTO cleanings (id, owner_id, name, description, price, currency, area, area_key, category,
    status, starts_at, terms_revision, created_at, updated_at, version)
SELECT id, owner_id, (ARRAY['Oven', 'Window', 'Attic'])[n % 3 + 1] || ' scrub',
    'Job number ' || n || CASE WHEN n < 10000 THEN ' before Easter' ELSE '' END,
    n % 300 + 1, CASE n % 400 WHEN 2 THEN 'CHF' ELSE 'EUR' END, 'Area ' || n % 50,
    'area ' || n % 50, 'service-' || n % 3 + 2 + (n % 1000)::boolean::int, status,
    now() + n * interval '1 minute', 1, now(), now(), 1
FROM jobs;

UPDATE cleanings SET search_revision = 1, words_revision = 1,
    language = CASE WHEN id::text LIKE '%56' THEN 'de' ELSE 'en' END,
    search = to_tsvector('english', name || ' ' || description);

INSERT INTO cleaning_revisions (cleaning_id, revision, terms, editor_id, created_at)
SELECT cleanings.id, 1, to_jsonb(terms), owner_id, now()
FROM cleanings, (
    SELECT name, description, cleaning_type, '50.00' AS price, currency, NULL AS starts_at,
        duration, area, address
    FROM cleanings LIMIT 1
) terms;
""",
    lists=(
        "/cleanings",
        "/cleanings?status=any",
        "/cleanings?sort=oldest",
        "/cleanings?sort=-price",
        "/cleanings?status=any&sort=price",
        "/cleanings?status=any&sort=-price",
        "/cleanings?owner=me",
        "/cleanings?cleaning_type=spot_clean",
        "/cleanings?min_price=100&max_price=110&sort=price",
        "/cleanings?min_price=100&max_price=250",
        "/cleanings?min_price=103&max_price=103",
        "/cleanings?currency=CHF",
        "/cleanings?currency=CHF&sort=price",
        "/cleanings?currency=CHF&status=any&sort=-price",
        "/cleanings?currency=CHF&min_price=50&max_price=250",
        "/cleanings?owner=me&sort=price",
        "/cleanings?area=area+14",
        "/cleanings?area=area+14&sort=price",
        "/cleanings?area=area+14&cleaning_type=spot_clean&min_price=5&max_price=295",
        "/cleanings?language=de",
        "/cleanings?language=de&sort=price",
        "/cleanings?q=1778&sort=newest",
        "/cleanings?q=scrub&sort=price",
    ),
    damages={
        "cleanings_booked_once": Damage(
            AGAIN,
            "UPDATE bookings SET status = 'scheduled', ended_at = NULL, cancelled_by = NULL",
            frozenset({"events_of_bookings"}),
        ),
        "cleanings_booked": Damage(
            BOOKED,
            "UPDATE cleanings SET status = 'open'",
            frozenset({"history_of_cleanings", "categories_jobs"}),
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
            frozenset({"categories_jobs", "stream_complete"}),
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
        "events_of_cleanings": Damage(
            REVISED, "DELETE FROM events WHERE kind = 'edited'", frozenset({"stream_events"})
        ),
        "cleanings_actors": Damage(
            "owner cancel_cleaning",
            "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'cancelled'",
        ),
    },
    leftovers=(
        (OWNER_GONE, "UPDATE cleanings SET name = 'Oven scrub'"),
        (OWNER_GONE, "UPDATE cleanings SET address = '3 Mill Lane'"),
    ),
    distributed=("cleanings", "cleaning_revisions"),
)
