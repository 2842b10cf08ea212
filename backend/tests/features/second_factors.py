"""Second factors, as the tests that hold for all features see them."""

from tests.factories.second_factors import Authenticator, make_second_factor
from tests.factories.users import PASSWORD, Actor, Market
from tests.features import Feature

PREPARED = "owner prepare_second_factor"
CONFIRMED = f"{PREPARED}, owner confirm_second_factor"


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Turns a second factor on."""
    await make_second_factor(market, actor)
    return []


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
read_second_factor              401       200    200      200    200        200      401      403
prepare_second_factor           401       200    200      200    200        200      401      403
confirm_second_factor           401       404    200      404    404        404      401      403
renew_recovery_codes            401       404    200      404    404        404      401      403
remove_second_factor            401       404    204      404    404        404      401      403
""",
    writable="""
prepare_second_factor  current_password
confirm_second_factor  code
""",
    stories={
        "confirm_second_factor": PREPARED,
        "renew_recovery_codes": CONFIRMED,
        "remove_second_factor": CONFIRMED,
    },
    bodies={
        "prepare_second_factor": lambda _: {"current_password": PASSWORD},
        "confirm_second_factor": lambda scene: {
            "code": Authenticator(scene.known["secret"]).code()
        },
    },
    learned={"prepare_second_factor": ("secret", "secret")},
    load="""
INSERT INTO second_factors (user_id, secret, last_step) SELECT id, '', 0 FROM users;
""",
    traces=leave_traces,
)
