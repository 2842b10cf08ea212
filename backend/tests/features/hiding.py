"""Hiding, as the tests that hold for all features see them."""

from tests.features import Feature
from tests.stories import EVALUATED, GROUNDS

GIVING_GROUNDS = (
    "hide_package",
    "show_package",
    "hide_cleaning",
    "show_cleaning",
    "hide_offer",
    "show_offer",
    "hide_evaluation",
    "show_evaluation",
)

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
hide_package                    401       403    403      403    204        204      401      403
show_package                    401       403    403      403    204        204      401      403
hide_cleaning                   401       403    403      403    204        204      401      403
show_cleaning                   401       403    403      403    204        204      401      403
hide_offer                      401       403    403      403    204        204      401      403
show_offer                      401       403    403      403    204        204      401      403
hide_evaluation                 401       403    403      403    204        204      401      403
show_evaluation                 401       403    403      403    204        204      401      403
""",
    writable="""
hide_package           reason rule
show_package           reason
hide_cleaning          reason rule
show_cleaning          reason
hide_offer             reason rule
show_offer             reason
hide_evaluation        reason rule
show_evaluation        reason
""",
    stories={
        "hide_evaluation": EVALUATED,
        "show_evaluation": EVALUATED,
    },
    bodies={
        **dict.fromkeys(GIVING_GROUNDS, lambda _: GROUNDS),
    },
)
