"""Events, as the tests that hold for all features see them."""

from tests.features import Damage, Feature

FEATURE = Feature(
    load="""
INSERT INTO events (id, actor_id, subject, subject_id, kind, cleaning_id, payload, created_at)
SELECT pg_temp.id_of(3 * n + part), owner_id, (ARRAY['cleaning', 'offer', 'booking'])[part], id,
    'created', id, '{}', now()
FROM jobs, generate_series(1, 3) part;
""",
    damages={
        "events_with_actors": Damage(
            "owner edit_profile", "UPDATE events SET actor_id = NULL WHERE subject = 'profile'"
        ),
        "events_subjects": Damage(
            "cleaner revise_offer",
            "UPDATE events SET subject_id = gen_random_uuid() WHERE kind = 'edited'",
        ),
        "events_kinds": Damage(
            "owner edit_profile", "UPDATE events SET kind = 'missed' WHERE subject = 'profile'"
        ),
    },
)
