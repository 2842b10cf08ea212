"""Administration, as the tests that hold for all features see them."""

from tests.features import Feature
from tests.stories import GROUNDS

GIVING_GROUNDS = (
    "block_account",
    "unblock_account",
    "deactivate_account",
    "reactivate_account",
    "end_account_sessions",
)

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_accounts                   401       403    403      403    200        200      401      403
look_up_account                 401       403    403      403    200        200      401      403
read_account                    401       403    403      403    200        200      401      403
block_account                   401       403    403      403    200        200      401      403
unblock_account                 401       403    403      403    200        200      401      403
deactivate_account              401       403    403      403    200        200      401      403
reactivate_account              401       403    403      403    200        200      401      403
end_account_sessions            401       403    403      403    204        204      401      403
give_role                       401       403    403      403    403        200      401      403
""",
    writable="""
look_up_account        email
block_account          reason rule
unblock_account        reason
deactivate_account     reason rule
reactivate_account     reason
end_account_sessions   reason
give_role              role
""",
    bodies={
        "give_role": lambda _: {"role": "staff"},
        "look_up_account": lambda scene: {"email": scene.stranger.email},
        **dict.fromkeys(GIVING_GROUNDS, lambda _: GROUNDS),
    },
)
