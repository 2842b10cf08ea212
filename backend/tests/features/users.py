"""Users, as the tests that hold for all features see them."""

from tests.factories.users import PASSWORD
from tests.features import Damage, Feature
from tests.stories import DELETED, OWNER_GONE, numbers


def register(_: object) -> dict[str, str]:
    """A new account, each time another."""
    number = next(numbers)
    return {
        "email": f"newcomer{number}@example.com",
        "username": f"newcomer{number}",
        "password": PASSWORD,
    }


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
register_user                   201       201    201      201    201        201      201      201
read_user                       401       200    200      200    200        200      401      403
change_user                     401       200    200      200    200        200      401      403
delete_user                     401       204    204      204    204        204      401      403
""",
    writable="""
register_user          email username password full_name language
change_user            email username password current_password language
""",
    bodies={
        "change_user": lambda _: {
            "email": f"somebody{next(numbers)}@example.com",
            "current_password": PASSWORD,
        },
        "register_user": register,
    },
    conditional=("register_user", "change_user"),  # a password is not made of one's own name
    changes={
        "change_user": ("owner", ""),
    },
    damages={
        "events_of_users": Damage(
            "", "DELETE FROM events WHERE actor_id = '$stranger_id'", frozenset({"stream_events"})
        ),
        "users_actors": Damage(
            "owner change_user", "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'edited'"
        ),
        "users_named_once": Damage(
            "",
            "UPDATE users SET username_key = 'anna' WHERE id IN ('$stranger_id', '$owner_id')",
        ),
        "users_addressed_once": Damage(
            "",
            "UPDATE users SET email_key = 'anna@example.com' "
            "WHERE id IN ('$stranger_id', '$owner_id')",
        ),
        "users_with_profile": Damage("", "DELETE FROM profiles WHERE user_id = '$stranger_id'"),
        "users_deleted": Damage(
            f"stranger post_cleaning, {DELETED}",
            "UPDATE cleanings SET status = 'open' WHERE owner_id = '$stranger_id'",
            frozenset({"history_of_cleanings"}),
        ),
        "users_freed": Damage(DELETED, "UPDATE freed_usernames SET user_id = '$stranger_id'"),
    },
    leftovers=(
        (OWNER_GONE, "UPDATE users SET username = 'anna' WHERE id = '$owner_id'"),
        (OWNER_GONE, "UPDATE users SET email = 'anna@example.com' WHERE id = '$owner_id'"),
        (OWNER_GONE, "UPDATE users SET password_hash = 'x' WHERE id = '$owner_id'"),
        (OWNER_GONE, "UPDATE users SET language = 'de' WHERE id = '$owner_id'"),
    ),
)
