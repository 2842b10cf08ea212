"""Events, as the tests that hold for all features see them."""

from tests.features import Damage, Feature

FEATURE = Feature(
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
