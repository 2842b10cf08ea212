"""Feed, as the tests that hold for all features see them."""

from tests.features import Feature

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
read_feed                       401       200    200      200    200        200      401      200
""",
    scopes={
        "read:feed": {"read_feed"},
    },
    lists=("/feed/cleanings", "/feed/cleanings?after=0"),
)
