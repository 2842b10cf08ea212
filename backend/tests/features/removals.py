"""Removals, as the tests that hold for all features see them."""

from tests.features import Feature
from tests.stories import GROUNDS, OF_STRANGER, REMOVING

GIVING_GROUNDS = ("request_second_factor_removal", "cancel_second_factor_removal")

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
request_second_factor_removal   401       403    403      403    200        200      401      403
cancel_second_factor_removal    401       403    403      403    200        200      401      403
""",
    writable="""
request_second_factor_removal   reason
cancel_second_factor_removal    reason
""",
    stories={
        "request_second_factor_removal": OF_STRANGER,
        "cancel_second_factor_removal": REMOVING,
    },
    bodies={
        **dict.fromkeys(GIVING_GROUNDS, lambda _: GROUNDS),
    },
    mailing=("request_second_factor_removal",),
)
