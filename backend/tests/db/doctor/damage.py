"""Ways to damage the data behind the service's back, one for each promise at least."""

from tests.features import FEATURES, Damage, collected
from tests.stories import DELETED, REVISED

DAMAGES: dict[str, Damage] = {
    **collected("damages"),
    "history_in_order": Damage(
        REVISED, "UPDATE events SET created_at = 'yesterday' WHERE kind = 'edited'"
    ),
    "history_of_cleanings": Damage(
        "cleaner withdraw_offer, rival withdraw_offer rival",
        "UPDATE cleanings SET status = 'cancelled'",
        frozenset({"categories_jobs"}),
    ),
    "history_of_offers": Damage("", "UPDATE offers SET status = 'withdrawn'"),
    "history_of_hiding": Damage("", "UPDATE offers SET hidden_at = now()"),
    "users_erased": Damage(
        DELETED, "UPDATE profiles SET bio = 'Born in 1815' WHERE user_id = '$stranger_id'"
    ),
    "references": Damage("", "UPDATE sessions SET user_id = gen_random_uuid()"),
}
"""By the name of the promise."""

ERASED = [leftover for feature in FEATURES for leftover in feature.leftovers]
"""What might have been left of a deleted account: what has happened, and how it would look."""
