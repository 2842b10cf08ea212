"""Profiles, as the tests that hold for all features see them."""

from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.stories import numbers

PROFILE = {
    "full_name": "Canary Full Name",
    "bio": "Canary bio",
    "image": "https://example.com/canary.jpg",
    "phone_number": "+999888777666",
    "is_public": True,
}


async def leave_traces(_: Market, actor: Actor, __: Actor) -> list[str]:
    """Fills the profile."""
    await actor.patch("/profiles/me", PROFILE)
    return [f"/profiles/{actor.username}"]


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
read_own_profile                401       200    200      200    200        200      401      403
edit_profile                    401       200    200      200    200        200      401      403
read_profile                    401       200    200      200    200        200      401      403
""",
    scopes={
        "read:profiles": {"read_own_profile", "read_profile"},
        "write:profiles": {"edit_profile"},
    },
    writable="""
edit_profile           full_name bio image phone_number is_public
""",
    bodies={
        "edit_profile": lambda _: {"bio": f"Born in {next(numbers)}"},
    },
    changes={
        "edit_profile": ("owner", ""),
    },
    load="""
INSERT INTO profiles (user_id, full_name, full_name_key, created_at, updated_at, version)
SELECT id, username, username, now(), now(), 1 FROM users ON CONFLICT DO NOTHING;
""",
    damages={
        "profiles_actors": Damage(
            "owner edit_profile", "UPDATE events SET actor_id = '$cleaner_id' WHERE kind = 'edited'"
        ),
    },
    traces=leave_traces,
)
