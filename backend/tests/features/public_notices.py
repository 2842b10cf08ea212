"""Notices, as the tests that hold for all features see them."""

from tests.factories.public_notices import NOTICE
from tests.features import Damage, Feature
from tests.stories import numbers

GIVEN = "anonymous give_notice"

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
give_notice                     201       201    201      201    201        201      422      201
""",
    writable="""
give_notice  location kind words full_name email good_faith language
""",
    bodies={
        "give_notice": lambda scene: {
            **NOTICE,
            "location": scene.job.path,
            "email": f"notifier{next(numbers)}@example.com",
        },
    },
    conditional=("give_notice",),  # visitors must see something there
    load="""
INSERT INTO reports (id, reference, notifier_name, notifier_email, subject, path, author_id, kind,
    words, content, status, decisions, created_at, updated_at, version)
SELECT overlay(id::text PLACING '0180' FROM 1)::uuid, gen_random_uuid(), 'Nora',
    'nora@example.com', 'cleaning', '/cleanings/' || id, owner_id, 'illegal',
    'No wages', '{}', 'waiting', 0, now(), now(), 1
FROM jobs;
""",
    damages={
        "notices_per_thing": Damage(
            GIVEN,
            """
            INSERT INTO reports (id, reference, notifier_name, notifier_email, subject, path,
                author_id, kind, status, decisions, created_at, updated_at, version)
            SELECT gen_random_uuid(), gen_random_uuid(), notifier_name, notifier_email, subject,
                path, author_id, kind, status, decisions, created_at, updated_at, version
            FROM reports, generate_series(1, 10)
            """,
        ),
        "appeals_of_notifiers_expired": Damage(
            GIVEN,
            """
            WITH decided AS (
                UPDATE reports SET status = 'decided', decisions = 1, content = NULL, words = NULL,
                    notifier_name = NULL, notifier_email = NULL,
                    decided_at = now() - interval '92 days'
                RETURNING *
            ), decision AS (
                INSERT INTO decisions (id, report_id, number, staff_id, author_id, measure, facts,
                    made_at)
                SELECT gen_random_uuid(), id, 1, '$cleaner_id', author_id, 'none', 'None', now()
                FROM decided RETURNING id
            )
            INSERT INTO appeals (decision_id, words, made_at) SELECT id, 'No', now() FROM decision
            """,
        ),
    },
)
